// Shapes that scripts share with each other and with the server. Nothing of it is there at run time.

export type Kind = "audio" | "video";
export type Words = Record<string, string>;

/** What Streamlit gives a component (st.components.v2), and what we take of it. */
export interface Mounted<Data> {
  data: Data;
  parentElement: HTMLElement;
  setTriggerValue(name: string, value: unknown): void;
}

/** One message (pages/tabs/messages.py); each piece is its text, and where a link leads. */
export interface ChatLine {
  number: number;
  seat: string;
  author: string;
  at: string;
  mine: boolean;
  pieces: [text: string, href: string, host: string][];
}

/** Oldest first; `more`: others before them are left out. */
export interface ChatLines {
  lines: ChatLine[];
  more: boolean;
}

/** What was refused, and how many characters the field takes. */
export interface Unsent {
  text: string;
  token: string;
  room: number;
}

export interface ChatData extends ChatLines {
  unsent: Unsent | null;
  most: number;
  at_once: boolean;
  longest: number;
  words: Words;
}

/** Somebody else in the appointment, as this browser may know them (pages/call/scene.py). */
export interface Person {
  seat: string;
  name: string;
  role: string;
  pinned: boolean;
  screen?: boolean;
}

/** Where one other person is seen and heard: the m-lines of a connection. */
export interface Place {
  video: RTCRtpTransceiver;
  audio: RTCRtpTransceiver | null;
  stream: MediaStream | null;
}

/** Which tracks go out. */
export interface Sending {
  sent(kind: Kind): MediaStreamTrack | null;
}

/** What every line to the server needs (pages/call/call.py). */
export interface LineData {
  tab: string;
  call: number;
  iceServers: RTCIceServer[];
  places: number;
  autostart: boolean;
}

export interface StageData extends LineData {
  camera: boolean;
  talking: boolean;
  alone: string;
  people: Person[];
  phone: string;
  dialled: string;
  freeze: boolean;
  words: Words;
  lacking: { audio: Words; video: Words; both: Words };
}

/** One of the parts of the device test (pages/visitor/device_check.py). */
export interface CheckData {
  part: "camera" | "microphone" | "connection";
  open: boolean;
  known: string;
  words: Words;
}

/** The advisor's screen (pages/staff/share.py). */
export interface ShareData extends Omit<LineData, "places" | "autostart"> {
  shown: boolean;
  allowed: boolean;
  answered: number;
  refused: string;
  words: Words;
  problems: Words;
}

export interface Deeds {
  start(): void;
  again(): void;
  understood(): void;
  choose(kind: Kind, id: string): void;
  little(): void;
  controls(view: import("./call/view.js").View): Record<string, () => void>;
}

/** What is seen and heard at one place. */
export interface Seen {
  picture?: boolean;
  sound?: boolean;
  speaks?: boolean;
  there?: boolean;
}

/** A statistic of a connection: the members of WebRTC Statistics that are read here. */
export interface Report extends RTCStats {
  kind?: string;
  mid?: string;
  trackIdentifier?: string;
  framesReceived?: number;
  packetsReceived?: number;
  audioLevel?: number;
  bytesReceived?: number;
  bytesSent?: number;
  responsesReceived?: number;
  nominated?: boolean;
  fractionLost?: number;
  availableOutgoingBitrate?: number;
  totalEncodedBytesTarget?: number;
  currentRoundTripTime?: number;
}

/** The one name of ours on the window (pages/ui/window.js). */
export interface Ours {
  never: { hasBegun?(): void };
  socket?: WebSocket;
  live?: import("./live/socket.js").Live;
  stage?: import("./call/stage.js").Stage;
  share?: import("./call/share.js").Share;
}

declare global {
  interface Window {
    beratungsraum: Ours;
  }
}
