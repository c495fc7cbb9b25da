
  // Says what can never work as what it is (connection.html has the sentences). Comes before everything
  // else and in words that every browser knows: it has to run where nothing else does.
  (function () {
    var OLD = 4000; // until a new browser has shown that it is one
    var BROKEN = 5000; // until something is drawn in spite of an error
    var AGAIN = 3000;
    var ONCE = 600000; // a page is reloaded by itself no more often than this
    var KEPT = "beratungsraum-neu";
    var box = document.getElementById("never");
    var said = "";
    var failing = false;
    var fresh = false;

    function say(why) {
      said = why;
      for (var each = box.firstElementChild; each; each = each.nextElementSibling) {
        if (each.hasAttribute("data-why")) each.hidden = each.getAttribute("data-why") !== why;
      }
      box.hidden = !why;
    }

    function takeBack(why) {
      if (said === why) say("");
    }

    function isDrawn() {
      return Boolean(document.querySelector('[data-testid="stApp"]'));
    }

    // `then` learns whether the server answers, and with what.
    function ask(then) {
      var request = new XMLHttpRequest();
      request.open("HEAD", location.href);
      request.timeout = AGAIN;
      request.onloadend = function () {
        then(request.status > 0 && request.status < 500 ? request : null);
      };
      request.send();
    }

    // Without a storage nobody knows whether it has been tried, so it is not.
    function mayReload() {
      try {
        var before = Number(sessionStorage.getItem(KEPT));
        if (Math.abs(Date.now() - before) < ONCE) return false;
        sessionStorage.setItem(KEPT, String(Date.now()));
        return true;
      } catch (_problem) {
        return false;
      }
    }

    // A script that could not be loaded once is never asked for again by this page. Loading all of it
    // again helps mostly; not before the server answers, or there would be no page at all.
    function lost() {
      document.documentElement.classList.add("broken");
      if (failing) return;
      failing = true;
      if (!mayReload()) say("lost");
      else whenThere();
    }

    function whenThere() {
      ask(function (answer) {
        if (answer) location.reload();
        else setTimeout(whenThere, AGAIN);
      });
    }

    window.addEventListener("vite:preloadError", lost);
    window.addEventListener(
      "error",
      function (event) {
        if (event.target && event.target.tagName === "SCRIPT") lost();
        else if (!isDrawn() && /\/static\/js\//.test(event.filename || "")) {
          setTimeout(function () {
            if (!isDrawn() && !said) say("broken");
          }, BROKEN);
        }
      },
      true
    );
    function old() {
      if (!fresh && !said) say("old");
    }
    if ("noModule" in document.createElement("script")) setTimeout(old, OLD);
    else old();

    // The one name of ours on the window (pages/ui/window.js).
    window.beratungsraum = {
      never: {
        say: say,
        takeBack: takeBack,
        ask: ask,
        isNewEnough: function () {
          fresh = true;
          takeBack("old");
        },
      },
    };
  })();
