// Sends the page's forms, follows a grading, and shows times where the reader is. No framework.

// Another site cannot send this header: the browser would have to ask the service first.
const HEADERS = { "X-Grader-Page": "1" };

// What this script says by itself, in the language of the page.
const WORDS = JSON.parse(document.body.dataset.words);

function told(sentence, values = {}) {
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replace(`{${name}}`, value),
    WORDS[sentence] || sentence,
  );
}

// English pages show times as the reader's own machine does.
const PAGE = document.documentElement.lang;
const LOCALE = PAGE === "en" ? undefined : PAGE;

for (const time of document.querySelectorAll("time")) {
  const moment = new Date(time.dateTime);
  time.title = time.textContent;
  time.textContent = moment.toLocaleString(LOCALE, { dateStyle: "medium", timeStyle: "short" });
}

function alertOf(form) {
  return form.querySelector(".alert");
}

function say(form, sentence) {
  const place = alertOf(form);
  if (!place) return;
  place.textContent = sentence;
  place.hidden = !sentence;
}

function detail(answer, status) {
  try {
    const problem = JSON.parse(answer);
    const parts = (problem.errors || []).map((each) => `${each.where}: ${each.says}`);
    return parts.length ? parts.join("; ") : problem.detail;
  } catch {
    return told("The service answers with status {status}; try again.", { status });
  }
}

function values(form) {
  const found = {};
  for (const field of form.elements) {
    if (!field.name) continue;
    const text = field.value.trim();
    found[field.name] = "number" in field.dataset ? (text === "" ? null : Number(text)) : text;
  }
  return found;
}

async function send(form) {
  const [method, path] = form.dataset.send.split(" ");
  const body = values(form);
  const request = { method, headers: { ...HEADERS } };
  if (Object.keys(body).length) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  const button = form.querySelector("button");
  say(form, "");
  button.disabled = true;
  try {
    const answer = await fetch(path, request);
    if (!answer.ok) {
      say(form, detail(await answer.text(), answer.status));
    } else if ("keep" in form.dataset) {
      form.closest("article").classList.add("done");
      button.textContent = told("Given");
      return;
    } else if (form.dataset.then) {
      location.assign(form.dataset.then);
      return;
    } else {
      location.reload();
      return;
    }
  } catch {
    say(form, told("The service does not answer; check your connection and try again."));
  }
  button.disabled = false;
}

for (const form of document.querySelectorAll("form[data-send]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

function upload(form) {
  const file = form.elements.file.files[0];
  const bar = form.querySelector("progress");
  const button = form.querySelector("button");
  // The same file after a broken connection is the same submission.
  form.dataset.key ||= crypto.randomUUID ? crypto.randomUUID() : String(Math.random());
  const request = new XMLHttpRequest();
  request.open("POST", form.dataset.upload);
  for (const [name, value] of Object.entries(HEADERS)) request.setRequestHeader(name, value);
  request.setRequestHeader("Idempotency-Key", form.dataset.key);
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
  };
  request.onload = () => {
    if (request.status === 202) {
      location.assign(`/submissions/${JSON.parse(request.responseText).id}`);
      return;
    }
    failed(detail(request.responseText, request.status));
    delete form.dataset.key;
  };
  request.onerror = () => failed(told("The connection broke off; hand in again, it counts once."));
  function failed(sentence) {
    say(form, sentence);
    bar.hidden = true;
    button.disabled = false;
  }
  say(form, "");
  bar.hidden = false;
  button.disabled = true;
  const body = new FormData();
  body.append("file", file);
  request.send(body);
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  const drop = form.querySelector(".drop");
  const input = form.elements.file;
  const show = () => {
    const file = input.files[0];
    form.querySelector(".say").textContent = file ? file.name : "";
    delete form.dataset.key;
    say(form, "");
  };
  input.addEventListener("change", show);
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    drop.addEventListener(kind, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      show();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    upload(form);
  });
}

for (const live of document.querySelectorAll("[data-events]")) {
  const bar = live.querySelector("progress");
  const line = live.querySelector(".say");
  const tally = live.querySelector(".tally");
  const counts = new Map();
  let judged = 0;
  const stream = new EventSource(live.dataset.events);
  stream.addEventListener("state", (event) => {
    const { state } = JSON.parse(event.data);
    if (state === "queued") {
      counts.clear();
      judged = 0;
    }
    line.textContent = told(state === "running" ? "Is being graded …" : "Waits for a worker …");
  });
  stream.addEventListener("item", (event) => {
    const { verdict } = JSON.parse(event.data);
    judged += 1;
    counts.set(verdict, (counts.get(verdict) || 0) + 1);
    bar.value = Math.min(judged, bar.max);
    line.textContent = told("{count} items judged", { count: judged });
    tally.replaceChildren(
      ...[...counts].map(([name, count]) => {
        const entry = document.createElement("li");
        entry.className = name;
        entry.textContent = `${count} ${told(name.replaceAll("_", " "))}`;
        return entry;
      }),
    );
  });
  stream.addEventListener("end", () => {
    stream.close();
    location.reload();
  });
}
