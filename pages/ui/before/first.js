
  // Says what can never work as what it is (connection.html has the sentences). Comes before everything
  // else and in words that every browser knows: it has to run where nothing else does.
  (function () {
    var OLD = 4000; // until a new browser has shown that it is one
    var BROKEN = 5000; // until something is drawn in spite of an error
    var AGAIN = 3000;
    var ONCE = 600000; // a page whose script was lost is reloaded by itself no more often than this
    var CRASHED = 20000; // nor one that has crashed; it may have been in the middle of a talk
    var SPREAD = 1000;
    var box = document.getElementById("never");
    var said = "";
    var failing = false;
    var fresh = false;
    var begun = false; // our scripts, too

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
        var there = request.status > 0 && request.status < 500 && request.status !== 429;
        then(there ? request : null);
      };
      request.send();
    }

    // Without a storage nobody knows whether it has been tried, so it is not.
    function mayReload(why, ms) {
      try {
        var kept = "beratungsraum-" + why;
        var before = Number(sessionStorage.getItem(kept));
        if (Math.abs(Date.now() - before) < ms) return false;
        sessionStorage.setItem(kept, String(Date.now()));
        return true;
      } catch (_problem) {
        return false;
      }
    }

    // Loading all of it again helps mostly; not before the server answers, or there would be no page.
    function comeBack(why, ms, wait) {
      if (failing) return;
      if (!mayReload(why, ms)) {
        say("lost");
        return;
      }
      failing = true;
      setTimeout(whenThere, wait);
    }

    // A script that could not be loaded once is never asked for again by this page.
    function lost() {
      document.documentElement.classList.add("broken");
      comeBack("lost", ONCE, 0);
    }

    function whenThere() {
      ask(function (answer) {
        if (answer) location.reload();
        else setTimeout(whenThere, AGAIN);
      });
    }

    // One error in Streamlit's page takes all of it away. Whoever was on it is still let in, so the
    // page is loaded again and goes on where it was, in a talk, too. Not all in the same moment: many
    // may have crashed at once.
    function crashed() {
      if (!isDrawn()) comeBack("crashed", CRASHED, Math.random() * SPREAD);
    }

    function broken() {
      if (!isDrawn() && !said) say("broken");
    }

    // Streamlit fetches the font of its icons first, a third of all that a first page needs, which has
    // no icon. A browser fetches a font by itself as soon as something is shown in it.
    var fonts = document.fonts;
    var load = fonts && fonts.load;
    if (load) {
      fonts.load = function (font, text) {
        return /Material Symbols/.test(font) ? Promise.resolve([]) : load.call(fonts, font, text);
      };
    }

    window.addEventListener("vite:preloadError", lost);
    window.addEventListener(
      "error",
      function (event) {
        if (event.target && event.target.tagName === "SCRIPT") lost();
        else if (/\/static\/js\//.test(event.filename || "")) {
          if (begun) setTimeout(crashed, 0);
          else if (!isDrawn()) setTimeout(broken, BROKEN);
        }
      },
      true
    );
    function old() {
      if (!fresh && !said) say("old");
    }
    if ("noModule" in document.createElement("script")) setTimeout(old, OLD);
    else old();

    // Until a page is drawn, or what is wrong with it: with whom and when. From then on: what later steps
    // run (pages/upstream/page_head.py).
    function takeOver() {
      var drawn = document.querySelector('h1.title, [data-testid="stAlertContainer"]');
      if (!drawn) return;
      watch.disconnect();
      var greeting = document.getElementById("greeting");
      var focused = greeting && greeting.contains(document.activeElement);
      if (greeting) greeting.parentNode.removeChild(greeting);
      var later = document.getElementById("later");
      if (later) document.head.appendChild(later.content);
      if (!focused) return;
      drawn.tabIndex = -1;
      drawn.focus();
    }
    var watch = window.MutationObserver && new MutationObserver(takeOver);
    if (watch) watch.observe(document.documentElement, { childList: true, subtree: true });

    // The one name of ours on the window (pages/ui/window.js).
    window.beratungsraum = {
      never: {
        say: say,
        takeBack: takeBack,
        ask: ask,
        hasBegun: function () {
          begun = true;
        },
        isNewEnough: function () {
          fresh = true;
          takeBack("old");
        },
      },
    };
  })();
