// The compiler beside the page, in a thread of its own: reading a large
// knowledge base takes longer than a page may stand still.
import { zipSync } from "fflate";
import { compiler } from "./compiler.js";

/** What was read last, and what of that could be built last: often the same. */
let latest;
let sound;

/** The time in every archive, as the same files give the same archive; it has none before 1980. */
const TIME = new Date(1980, 0, 1);

const answers = {
  /** The files of `unstuck new`, as pairs of path and bytes. */
  starter({ starter }) {
    return pairs(starter());
  },

  /** Which of some paths are of a knowledge base. */
  sources({ isSource }, { paths }) {
    return paths.filter((it) => isSource(it));
  },

  /** Reads all files: what there is to say, and what is to be shown, which is of before where there are errors. */
  compile({ Compiled, Files }, { files, audience, lang }) {
    const all = new Files();
    for (const [path, bytes] of files) all.add(path, bytes);
    const before = latest;
    latest = new Compiled(all);
    all.free();
    if (before !== sound) before?.free();
    if (latest.isSound && sound !== latest) {
      sound?.free();
      sound = latest;
    }
    const { findings, isSound, empty, title, entries } = latest;
    return { findings, isSound, empty, title, entries, ...shown({ audience, lang }) };
  },

  /** What else there is to say of what was read last: whether everything can be found. */
  prove() {
    latest?.prove();
    return latest?.findings;
  },

  /** What is to be shown to somebody else, or in another language. */
  show(_, wanted) {
    return shown(wanted);
  },

  /** An archive of what `unstuck build` writes; nothing where there are errors. */
  build(_, { audience }) {
    return latest === sound && sound ? archive(pairs(sound.build(audience))) : undefined;
  },

  /** An archive of files. */
  pack(_, { files }) {
    return archive(files);
  },
};

function shown({ audience, lang }) {
  if (!sound) return {};
  const { languages } = sound;
  const known = languages.includes(lang) ? lang : languages[0];
  return { languages, lang: known, shown: sound.shown(audience, known) };
}

function pairs(files) {
  return files.map((it) => {
    const { path, bytes } = it;
    it.free();
    return [path, bytes];
  });
}

function archive(files) {
  return zipSync(Object.fromEntries(files), { mtime: TIME });
}

addEventListener("message", async ({ data: { turn, ask, given } }) => {
  try {
    postMessage({ turn, told: answers[ask](await compiler(), given) });
  } catch ({ message }) {
    postMessage({ turn, failed: message });
  }
});
