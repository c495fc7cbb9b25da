
  // Where the server is: all pages lie in one folder. Streamlit's page would look for it below its own
  // address first, "/termin/_stcore/health", and be told twice that there is nothing.
  // Streamlit learns our theme with the first page; until then it would show its own, and fetch its font.
  const theme = { bodyFont: getComputedStyle(document.documentElement).getPropertyValue("--font") };
  window.__streamlit = {
    BACKEND_BASE_URL: new URL(".", location).href,
    LIGHT_THEME: theme,
    DARK_THEME: theme,
  };

  // Streamlit's socket in sight: for pages/ui/live/socket.js, which notices earlier than Streamlit's page
  // that a connection is dead, and to say so when no socket ever comes through though the server answers.
  (() => {
    const LATE = 6000; // Streamlit's question whether the server is there is no longer waited for
    const PATIENCE = 10_000;
    const EVERY = 5000;
    const SILENT = 30_000; // of a socket that is open, or being opened, and says nothing
    const { never } = window.beratungsraum;
    const { WebSocket, fetch } = window;
    let since = performance.now(); // without a word from the server; 0 while there are any
    let begun = false; // Streamlit's page is there and asks
    let there = 0; // since when the server has answered all the same
    let failures = 0; // since then

    const ofStreamlit = (address) => String(address?.url ?? address).includes("/_stcore/");
    const alive = () => {
      since = there = failures = 0;
      never.takeBack("blocked");
      never.takeBack("full");
    };
    const failed = () => {
      since ||= performance.now();
      failures += 1;
    };

    // The visit may be over, and the page another one: then that is to be read.
    const judge = (answer) => {
      if (!since) return;
      if (!answer) there = failures = 0;
      else if (!answer.getResponseHeader("Content-Security-Policy")?.includes("script-src")) location.reload();
      else if (answer.getResponseHeader("Beratungsraum-Windows") === "full") never.say("full");
      else {
        const now = performance.now();
        if (!there) failures = 0;
        there ||= now;
        if ((failures > 1 && now - there > PATIENCE) || now - there > SILENT) never.say("blocked");
      }
    };
    setInterval(() => {
      if (begun && since && performance.now() - since > PATIENCE) never.ask(judge);
    }, EVERY);

    window.fetch = (...all) => {
      if (!ofStreamlit(all[0])) return fetch(...all);
      begun = true;
      const late = new Promise((_, fail) => setTimeout(fail, LATE, new TypeError("late")));
      const answer = Promise.race([fetch(...all), late]);
      answer.catch(failed);
      return answer;
    };
    if (!WebSocket) {
      never.say("blocked");
      return;
    }
    window.WebSocket = class extends WebSocket {
      constructor(...all) {
        super(...all);
        if (!ofStreamlit(all[0])) return;
        window.beratungsraum.socket = this;
        this.addEventListener("message", alive);
        this.addEventListener("close", failed);
      }
    };
  })();
