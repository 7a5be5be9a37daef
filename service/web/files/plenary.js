// Links that open Plenary, on all pages. A browser does not tell whether a
// program took one: where the page can still be seen a moment later, what
// to do is brought to the eye. It stands there before, too.
"use strict";

(function () {
  const nothing = document.getElementById("nothing");
  for (const link of document.querySelectorAll('a[href^="plenary:"]')) {
    link.addEventListener("click", () => setTimeout(() => {
      if (!nothing || document.visibilityState !== "visible") return;
      nothing.classList.replace("muted", "notice");
      nothing.focus();
    }, 1500));
  }
})();

// A personal invitation to a meeting: its token comes from the fragment, is taken out of the
// address at once, and goes along to Plenary, and to the page in another language, in the
// fragment again.

(function () {
  const token = location.hash.slice(1);
  if (document.body.dataset.page !== "meeting" || !/^[A-Za-z0-9_-]{43}$/.test(token)) return;
  history.replaceState(null, "", location.pathname + location.search);
  for (const link of document.querySelectorAll('a[href^="plenary:"]')) link.setAttribute("href", link.getAttribute("href") + "#" + token);
  for (const link of document.querySelectorAll("a.language")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      location.replace(link.getAttribute("href") + "#" + token);
    });
  }
  document.getElementById("invited").hidden = false;
})();

// The pages of links: activation, password reset, and stopping a reset address. The token comes from the
// fragment, is taken out of the address at once, and goes nowhere but into the
// body of the requests to this service.

(function () {
  const page = document.body.dataset.page;
  if (!["activate", "invitation", "reset", "stop"].includes(page)) return;

  // Dates in English are written as elsewhere in Plenary: the day first.
  const locale = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const byId = (id) => document.getElementById(id);
  const text = (code) => {
    const item = document.querySelector('#texts [data-code="' + code + '"]');
    return item ? item.textContent : "";
  };

  const token = location.hash.slice(1);
  if (token) history.replaceState(null, "", location.pathname + location.search);

  // The links to other languages take the token along, in the fragment again.
  for (const link of document.querySelectorAll("a.language")) {
    link.addEventListener("click", (event) => {
      if (!token) return;
      event.preventDefault();
      location.replace(link.getAttribute("href") + "#" + token);
    });
  }

  // show leaves one section; the body says which state the page is in.
  function show(id) {
    document.body.dataset.state = id !== "done" ? id : { activate: "active", invitation: "active", reset: "changed", stop: "stopped" }[page];
    for (const section of document.querySelectorAll("main > section")) section.hidden = section.id !== id;
    const heading = byId(id).querySelector("h1[tabindex]");
    if (heading && id !== "ask") heading.focus();
  }

  // post answers with {code, body}, or {code, errors, reference}; code is "" on success.
  async function post(path, body) {
    let answer;
    try {
      answer = await fetch(path, {
        method: "POST", headers: { "Content-Type": "application/json" }, credentials: "omit",
        referrerPolicy: "no-referrer", body: JSON.stringify(body),
      });
    } catch {
      return { code: "unreachable", errors: [] };
    }
    let content = {};
    try {
      if (answer.status !== 204) content = await answer.json();
    } catch {
      content = {};
    }
    if (answer.ok) return { code: "", body: content };
    return { code: content.code || "other", errors: content.errors || [], reference: content.reference || answer.headers.get("Plenary-Reference") || "" };
  }

  function explain(result) {
    return text(result.code) || text("other") + (result.reference || "");
  }

  // refusal says by which rules a password was refused, as far as there are words for them.
  function refusal(result) {
    const broken = new Set(result.errors.map((error) => text("lacks-" + error.code)).filter(Boolean));
    if (!broken.size) return explain(result);
    const list = new Intl.ListFormat(locale, { type: "conjunction" }).format(broken);
    return text("lacks").replace("{What}", () => list);
  }

  // complain says at the top of a section what went wrong.
  function complain(section, result) {
    const problem = section.querySelector(".problem");
    problem.textContent = explain(result);
    problem.hidden = false;
  }

  // mark says at a field what is wrong with it; an empty message takes it back.
  function mark(input, message) {
    const problem = byId(input.id + "-problem");
    problem.textContent = message;
    problem.hidden = !message;
    input.setAttribute("aria-invalid", message ? "true" : "false");
  }

  async function busy(button, work) {
    if (button.disabled) return;
    button.disabled = true;
    try {
      await work();
    } finally {
      button.disabled = false;
    }
  }

  for (const button of document.querySelectorAll(".show")) {
    const input = byId(button.getAttribute("aria-controls"));
    button.addEventListener("click", () => {
      const hidden = input.type === "password";
      input.type = hidden ? "text" : "password";
      button.textContent = text(hidden ? "hide" : "show");
      button.setAttribute("aria-pressed", String(hidden));
    });
  }

  async function start(path, ready) {
    if (!token) return show("no-token");
    show("wait");
    if (token.length !== 43) return show("expired");
    const result = await post(path, { token });
    if (result.code === "code-expired") return show("expired");
    if (result.code) {
      show("unreachable");
      return complain(byId("unreachable"), result);
    }
    ready(result.body);
    show("ask");
    // Who was invited reads first for whom it is.
    (page !== "invitation" && byId("password") || byId("ask").querySelector("h1")).focus();
  }

  const moment = (time) => new Date(time).toLocaleString(locale, { dateStyle: "long", timeStyle: "short" });

  // For whom an account was asked for.
  function showWho(body) {
    byId("who").textContent = body.who;
    byId("organization").textContent = body.organization;
    byId("asked").textContent = moment(body.asked);
  }

  function activation() {
    start("/web/activation", showWho);
    const form = byId("activate"), password = byId("password");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      mark(password, password.value ? "" : text("empty"));
      if (!password.value) return password.focus();
      busy(form.querySelector("[type=submit]"), async () => {
        const result = await post("/web/activation/confirm", { token, password: password.value });
        if (!result.code) return show("done");
        if (result.code === "code-expired") return show("expired");
        if (result.code === "credentials") {
          mark(password, explain(result));
          return password.select();
        }
        complain(form, result);
      });
    });
    byId("not-me").addEventListener("click", () => show("not-me-ask"));
    byId("not-me-back").addEventListener("click", () => show("ask"));
    byId("not-me-submit").addEventListener("click", (event) => busy(event.currentTarget, async () => {
      const result = await post("/web/activation/refuse", { token });
      if (!result.code) return show("refused");
      if (result.code === "code-expired") return show("expired");
      complain(byId("not-me-ask"), result);
    }));
  }

  // The rules are those of package rules (password.go); the service judges in
  // the end, and also whether a password is easy to guess.
  const rules = {
    "length": (p) => [...p].length >= 8,
    "length-nist": (p) => [...p].length >= 15,
    "upper": (p) => /[\p{Lu}\p{Lt}\p{Lo}\p{Lm}]/u.test(p),
    "lower": (p) => /[\p{Ll}\p{Lo}\p{Lm}]/u.test(p),
    "number": (p) => /\p{N}/u.test(p),
    "symbol": (p) => /[\p{P}\p{S}]/u.test(p),
  };

  function judge(password) {
    let all = true;
    for (const item of document.querySelectorAll("[data-rule]")) {
      const met = rules[item.dataset.rule](password.normalize("NFC"));
      item.classList.toggle("met", met);
      item.setAttribute("aria-label", item.textContent + ": " + text(met ? "met" : "unmet"));
      all = all && met;
    }
    return all;
  }

  function reset() {
    start("/web/reset/check", (body) => {
      judge("");
      byId("consent").hidden = !body.terms;
      usernameField.hidden = !body.username;
      username.value = body.username || "";
      if (!body.asked) return;
      showWho(body);
      byId("waiting").hidden = false;
    });
    const form = byId("reset"), password = byId("password"), confirm = byId("confirm");
    // Proposed to whoever was invited.
    const username = byId("username"), usernameField = byId("username-field");
    username.addEventListener("input", () => mark(username, ""));
    // Asked for where the account has two-step log-in.
    const second = byId("second-factor"), secondField = byId("second-factor-field");
    // Asked for where the operator handed the link over, and of whoever was invited.
    const consents = [byId("terms"), byId("privacy")];
    for (const box of consents) box.addEventListener("change", () => mark(box, ""));
    const compare = () => { byId("confirm-same").hidden = !confirm.value || confirm.value !== password.value; };
    password.addEventListener("input", () => { judge(password.value); mark(password, ""); compare(); });
    confirm.addEventListener("input", () => { mark(confirm, ""); compare(); });
    password.addEventListener("change", () => mark(password, !password.value || judge(password.value) ? "" : text("rules")));
    confirm.addEventListener("change", () => mark(confirm, confirm.value === password.value ? "" : text("differ")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      mark(username, usernameField.hidden || username.value.trim() ? "" : text("empty"));
      if (!usernameField.hidden && !username.value.trim()) return username.focus();
      const good = judge(password.value);
      mark(password, !password.value ? text("empty") : good ? "" : text("rules"));
      mark(confirm, !confirm.value ? text("empty") : confirm.value === password.value ? "" : text("differ"));
      if (!good) return password.focus();
      if (confirm.value !== password.value) return confirm.focus();
      mark(second, secondField.hidden || second.value ? "" : text("empty"));
      if (!secondField.hidden && !second.value) return second.focus();
      const missing = byId("consent").hidden ? [] : consents.filter((box) => !box.checked);
      for (const box of missing) mark(box, text("confirm"));
      if (missing.length) return missing[0].focus();
      busy(form.querySelector("[type=submit]"), async () => {
        const result = await post("/web/reset", {
          token, password: password.value, second_factor: second.value,
          accept_terms: consents[0].checked, read_privacy: consents[1].checked,
          username: usernameField.hidden ? "" : username.value.trim(),
        });
        if (!result.code) {
          password.value = confirm.value = second.value = "";
          return show("done");
        }
        if (result.code === "code-expired") return show("expired");
        if (result.code === "second-factor-needed") {
          secondField.hidden = false;
          return second.focus();
        }
        if (result.code === "second-factor-wrong") {
          mark(second, explain(result));
          return second.select();
        }
        if (result.errors.some((error) => error.pointer === "/username")) {
          mark(username, text("username"));
          return username.focus();
        }
        if (result.code === "password-refused") {
          mark(password, refusal(result));
          return password.focus();
        }
        complain(form, result);
      });
    });
  }

  function stop() {
    start("/web/stop/check", (body) => {
      byId("username").textContent = body.username;
      byId("address").textContent = body.address;
      byId("set").textContent = moment(body.set);
      byId("until").textContent = moment(body.until);
    });
    byId("stop").addEventListener("click", (event) => busy(event.currentTarget, async () => {
      const result = await post("/web/stop", { token });
      if (!result.code) return show("done");
      if (result.code === "code-expired") return show("expired");
      complain(byId("ask"), result);
    }));
  }

  ({ activate: activation, invitation: reset, reset, stop })[page]();
})();
