/**
 * Says beside each field of a form what is wrong with it as the field is left.
 *
 * The server is asked, which looks at the whole form by the same checks as on saving and writes nothing; see
 * `web.manage.live` for what it answers. Only fields that were touched complain. Where this script does not run, or the
 * server does not answer, saving says the same.
 */
(() => {
  "use strict";

  const PAUSE = 300; // milliseconds: who goes through several fields asks once

  /** What the server says of a field: mark it as `components/field.html` does. Returns whether that is news. */
  function mark(field, sentence) {
    const before = field.querySelector(".cs-field__error");
    if ((before?.textContent ?? "") === sentence) {
      return false;
    }
    before?.remove();
    const help = field.querySelector(".cs-field__help");
    const error = document.createElement("p");
    error.className = "cs-field__error";
    error.id = `${field.dataset.field}_error`;
    error.textContent = sentence;
    if (sentence) {
      field.insertBefore(error, help);
    }
    field.classList.toggle("cs-field--wrong", sentence !== "");
    const described = [sentence && error.id, help?.id].filter(Boolean).join(" ");
    for (const control of field.querySelectorAll("input, select, textarea")) {
      setOrRemove(control, "aria-invalid", sentence && "true");
      setOrRemove(control, "aria-describedby", described);
    }
    return sentence !== "";
  }

  function setOrRemove(element, name, value) {
    if (value) {
      element.setAttribute(name, value);
    } else {
      element.removeAttribute(name);
    }
  }

  /** Have a field of several inputs offer those that what was given asks for; none that is there is made anew. */
  function complete(field, html) {
    const wanted = [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("[name]")];
    const inputs = field.querySelector(".cs-field__inputs");
    const present = [...inputs.querySelectorAll("[name]")];
    const isAmong = (controls, control) => controls.some((each) => each.name === control.name);
    inputs.append(...wanted.filter((control) => !isAmong(present, control)));
    for (const control of present) {
      if (!isAmong(wanted, control) && control !== document.activeElement) {
        control.remove();
      }
    }
  }

  function follow(live) {
    const form = live.closest("form");
    const said = live.querySelector("[data-live-said]");
    const notice = live.querySelector("[data-live-faults]");
    const touched = new Set(form.querySelectorAll(".cs-field--wrong"));
    let timer;
    let asking = new AbortController();
    let isPressed = false;

    function show(answer) {
      const news = [];
      for (const field of touched) {
        const id = field.dataset.field;
        if (id in answer.controls) {
          complete(field, answer.controls[id]);
        }
        const wrong = answer.fields[id];
        if (mark(field, wrong?.sentence ?? "")) {
          news.push(wrong.said);
        }
      }
      news.push(...showFaults(answer.faults));
      said.textContent = news.join(" ");
    }

    /** What is wrong with the form as a whole. Returns what was not said before. */
    function showFaults(faults) {
      const before = [...notice.querySelectorAll("p")].map((each) => each.textContent);
      const sentences = faults.map((fault) => {
        const sentence = document.createElement("p");
        sentence.className = "cs-notice__text";
        sentence.dir = "auto";
        sentence.textContent = fault;
        return sentence;
      });
      notice.replaceChildren(notice.firstElementChild, ...sentences);
      notice.hidden = faults.length === 0;
      return faults.filter((fault) => !before.includes(fault));
    }

    async function ask() {
      const { signal } = asking;
      const body = new FormData(form);
      body.append("validate", "1");
      try {
        const response = await fetch(form.action, { method: "POST", body, signal, redirect: "error" });
        const answer = response.ok ? await response.json() : null;
        if (!answer || signal.aborted) {
          return;
        }
        if (isPressed) {
          // Nothing moves away from under a finger.
          later();
        } else {
          show(answer);
        }
      } catch {
        // Overtaken by a newer question, or nobody answers: saving will say it.
      }
    }

    function stop() {
      clearTimeout(timer);
      asking.abort();
    }

    function later() {
      stop();
      asking = new AbortController();
      timer = setTimeout(ask, PAUSE);
    }

    function touch(field) {
      touched.add(field);
      later();
    }

    form.addEventListener("focusout", (event) => {
      const field = event.target.closest("[data-field]");
      if (field && !field.contains(event.relatedTarget)) {
        touch(field);
      }
    });
    form.addEventListener("change", (event) => {
      // What is typed is looked at when the field is left; a choice is made at once.
      const field = event.target.closest("[data-field]");
      if (field && event.target.matches("select, [type=checkbox], [type=radio]")) {
        touch(field);
      }
    });
    form.addEventListener("submit", stop);
    document.addEventListener("pointerdown", () => {
      isPressed = true;
    });
    for (const end of ["pointerup", "pointercancel"]) {
      document.addEventListener(end, () => {
        isPressed = false;
      });
    }
  }

  document.querySelectorAll("[data-live]").forEach(follow);
})();
