// What is offered to the server and how (POST /signal): the m-lines of a connection, addresses that
// are found late. Knows no state of a connection. Source: RFC 8829, RFC 8838.

const ASK_MS = 4000;
const LATER_MS = 100;

// Own picture and sound with the first other person; each further one has a place of their own,
// and so has a screen, which makes no sound.
function layPlaces(pc, others) {
  const places = [];
  for (let number = 0; number <= others; number += 1) {
    const direction = number === 0 ? "sendrecv" : "recvonly";
    const video = pc.addTransceiver("video", { direction });
    const audio = number === 0 || number < others ? pc.addTransceiver("audio", { direction }) : null;
    const tracks = [video, audio].filter(Boolean).map((each) => each.receiver.track);
    places.push({ video, audio, stream: new MediaStream(tracks) });
  }
  return places;
}

// Lips are in step at each place of its own: one stream for each, not one for all.
function apart(answer, places) {
  const names = {};
  places.forEach((place, number) => {
    for (const each of [place.video, place.audio]) if (each) names[each.mid] = `place${number}`;
  });
  return answer
    .split(/^(?=m=)/m)
    .map((part) => {
      const mid = part.match(/^a=mid:(\S+)/m)?.[1];
      return mid in names ? part.replace(/^a=msid:\S+/m, `a=msid:${names[mid]}`) : part;
    })
    .join("");
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

function complete(pc) {
  return new Promise((done) => {
    const look = () => pc.iceGatheringState === "complete" && done();
    pc.addEventListener("icegatheringstatechange", look);
    look();
  });
}

// Addresses that are found after the offer has gone follow together, once there is an answer.
function gather(pc, send) {
  let found = [];
  let offered;
  let timer;
  const flush = () => {
    timer = undefined;
    const late = found.filter((each) => !offered.includes(address(each.candidate)));
    found = [];
    if (late.length && pc.signalingState !== "closed") send(late).catch(() => null);
  };
  const soon = () => (timer ??= setTimeout(flush, LATER_MS));
  pc.onicecandidate = ({ candidate }) => {
    if (!candidate?.candidate) return;
    const { sdpMid, sdpMLineIndex } = candidate;
    found.push({ candidate: candidate.candidate, sdpMid, sdpMLineIndex });
    if (offered) soon();
  };
  return {
    after(sdp) {
      offered = sdp;
      soon();
    },
  };
}

// From the foundation to the type: what comes behind that is written in different ways.
const address = (candidate) => candidate.split(" ").slice(0, 8).join(" ");

class Refused extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

async function signal(message) {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, cache: "no-store" };
  const wait = AbortSignal.timeout?.(ASK_MS);
  const answer = await fetch("signal", { ...options, body: JSON.stringify(message), signal: wait });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(said.error ?? String(answer.status));
  return said;
}
