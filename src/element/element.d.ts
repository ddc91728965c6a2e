// The types of <unstuck-help>. Made by xtask/contract.js from custom-elements.json.

/** An entry that fits a text. */
export interface UnstuckHit {
  /** Id of the entry. */
  id: string;
  /** Id of its area. */
  area: string;
  /** What it looks like. */
  symptom: string;
  /** Why it happens; empty where nothing is known. */
  cause: string;
  /** Larger is better; comparable within one search only. */
  score: number;
  /** The words that matched, as they stand in the entry. */
  matched: string[];
}

/** What you know better of whom to reach; what is not set is the knowledge base's. */
export interface UnstuckContact {
  /** What they are called. */
  label?: string | null | undefined;
  /** Their address: `mailto:`, `https:`, `tel:` or a place of your site. */
  href?: string | null | undefined;
  /** What to say of them. */
  text?: string | null | undefined;
}

/** The JSON form of a compiled knowledge base in one language for one audience: what `unstuck build` writes as AUDIENCE.entries.json, and what the element takes as `kbData`. Two things hold beyond what is written here: a position is one of the list that it points into, and the ids of areas, of contacts and of entries are there once each. In rich text U+0001 opens strong text, U+0002 emphasis, U+0003 code, U+0004 a key, U+0005 a link whose address ends with U+0006; U+0007 closes what was opened last. */
export interface UnstuckKnowledge {
  /** Address of this schema, for editors. */
  $schema?: string | undefined;
  /** Number of the format. */
  format: 2;
  /** BCP 47 tag of the language that the texts are in. */
  lang?: string | undefined;
  /** Whom it is for. */
  audience?: "customer" | "agent" | "staff" | undefined;
  /** Title of the knowledge base. */
  title?: string | undefined;
  /** Heading of what is shown when nothing fits. */
  way_on_heading?: string | undefined;
  /** Lead of what is shown when nothing fits. */
  way_on_text?: string | undefined;
  /** The areas, in the order in which they are shown. */
  areas: UnstuckKbArea[];
  /** Whom to reach; first whom to reach where nothing else is said. */
  contacts?: UnstuckKbContact[] | undefined;
  /** Where to go on, in the order in which it is shown. */
  links?: UnstuckKbLink[] | undefined;
  /** The answers, by area, in the order in which they are shown. */
  entries: UnstuckKbEntry[];
  /** Ids of the entries that most people look for, for pages around the element. */
  popular?: string[] | undefined;
  /** Entries that have another id now, so that links to the old one lead there. */
  moved?: [string, string][] | undefined;
  /** Groups of words that mean the same here; they are found and never shown. */
  synonyms?: string[][] | undefined;
}

/** A group of entries. */
export interface UnstuckKbArea {
  /** Public, as pages name it. */
  id: string;
  /** As it is shown. */
  title: string;
}

/** Whom to reach. */
export interface UnstuckKbContact {
  /** As `contacts` of the element names it. */
  id: string;
  /** As it is shown. */
  label: string;
  /** Where they are reached: `mailto:`, `tel:`, `https:` or an address of the site; empty where there is none. */
  href?: string | undefined;
  /** When to reach them. */
  text?: string | undefined;
}

/** Where to go on. */
export interface UnstuckKbLink {
  /** Its name. */
  id: string;
  /** As it is shown. */
  label: string;
  /** Where it leads. */
  href: string;
  /** What is there. */
  text?: string | undefined;
}

/** One problem, why it happens, and what to do. */
export interface UnstuckKbEntry {
  /** Public, as links to the entry are made of it. */
  id: string;
  /** BCP 47 tag of the language that the entry is in, where that is another than that of the whole. */
  lang?: string | undefined;
  /** Position of its area in `areas`. */
  area: number;
  /** What people see; rich text. */
  symptom: string;
  /** Why it happens. */
  causes?: string[] | undefined;
  /** Whether its steps are shown one at a time, as a guide. */
  guide?: boolean | undefined;
  /** Paragraphs before the steps. */
  description?: string[] | undefined;
  /** What to do, in order. */
  steps: UnstuckKbStep[];
  /** Paragraphs after the steps. */
  after?: string[] | undefined;
  /** Position in `contacts` of whom to reach when the steps do not help; null for nobody in particular. */
  contact?: number | null | undefined;
  /** Other ways to say the symptom; they are found and never shown. */
  aliases?: string[] | undefined;
}

/** One step. */
export interface UnstuckKbStep {
  /** What kind of step it is. */
  kind?: "do" | "check" | "info" | { wait: { minutes: number } } | { escalate: { contact: number } } | undefined;
  /** What to do; rich text. */
  text: string;
  /** What stands under the step. */
  notes?: UnstuckKbNote[] | undefined;
}

/** Something under a step. */
export interface UnstuckKbNote {
  /** A remark; something to know before acting; a part of the step; a picture; preformatted text. */
  kind?: "note" | "warning" | "item" | "picture" | "code" | undefined;
  /** Rich text; of a picture its caption. */
  text: string;
  /** Of a picture: its address, relative to the folder of the knowledge base. */
  src?: string | undefined;
  /** Of a picture: what it shows, for who cannot see it, where the caption does not say it. */
  alt?: string | undefined;
}

/** The words of the widget. What stands in braces is filled in. */
export interface UnstuckMessages {
  searchLabel: string;
  launcher: string;
  close: string;
  clear: string;
  suggestion: string;
  failed: string;
  plain: string;
  areas: string;
  allAreas: string;
  answersOne: string;
  answersMany: string;
  noMatch: string;
  better: string;
  near: string;
  loading: string;
  unreachable: string;
  retry: string;
  noMatchHint: string;
  elsewhereOne: string;
  elsewhereMany: string;
  showAll: string;
  more: string;
  cause: string;
  whatToDo: string;
  note: string;
  warning: string;
  guide: string;
  waitOne: string;
  waitMany: string;
  left: string;
  stopWaiting: string;
  waitOver: string;
  solvedNow: string;
  notYet: string;
  handOver: string;
  handOverToNobody: string;
  fixed: string;
  yes: string;
  no: string;
  undo: string;
  outcome: string;
  expected: string;
  allRight: string;
  solved: string;
  notSolved: string;
  tryNext: string;
  handedOver: string;
  summary: string;
  copy: string;
  mail: string;
  open: string;
  cancel: string;
  copied: string;
  notCopied: string;
  nothingDone: string;
  tookOne: string;
  tookMany: string;
  searched: string;
  page: string;
  language: string;
  goOn: string;
  forget: string;
  recent: string;
  forgetRecent: string;
  startOver: string;
  backTo: string;
  back: string;
  next: string;
  doneNext: string;
  allAtOnce: string;
  oneAtATime: string;
  path: string;
  progress: string;
  doneOf: string;
  print: string;
  copyText: string;
  copyMarkdown: string;
  unknown: string;
  answersZero?: string | undefined;
  answersTwo?: string | undefined;
  answersFew?: string | undefined;
  elsewhereZero?: string | undefined;
  elsewhereTwo?: string | undefined;
  elsewhereFew?: string | undefined;
  waitZero?: string | undefined;
  waitTwo?: string | undefined;
  waitFew?: string | undefined;
  tookZero?: string | undefined;
  tookTwo?: string | undefined;
  tookFew?: string | undefined;
}

/** What can go wrong. */
export type UnstuckErrorCode =
  | "kb-not-found"
  | "kb-unreachable"
  | "kb-corrupt"
  | "kb-version"
  | "wasm-unreachable"
  | "wasm-refused"
  | "wasm-corrupt"
  | "trap"
  | "unknown-entry"
  | "unknown-area";

/** The events of the element, by name. */
export interface UnstuckEventMap {
  /** It can be searched; again after another `kb`, `audience`, `lang` or `kbData`, and after a trap. */
  "unstuck-ready": CustomEvent<{ entries: number; areas: string[]; lang: string }>;
  /** A search that the person paused on. */
  "unstuck-search": CustomEvent<{ query?: string; area: string | null; count: number }>;
  /** Nothing fits it. */
  "unstuck-no-match": CustomEvent<{ query?: string; area: string | null }>;
  /** An answer was opened; not one so clear that it opens by itself. */
  "unstuck-entry-opened": CustomEvent<{ id: string; from: "search" | "area" | "link" | "route" | "suggestion" }>;
  /** Which step is done, from 1, of how many. */
  "unstuck-step-done": CustomEvent<{ id: string; step: number; steps: number }>;
  /** The problem is gone: how many steps were done, how long after the answer was opened first. */
  "unstuck-resolved": CustomEvent<{ id: string; steps: number; seconds: number }>;
  /** The steps did not help. */
  "unstuck-not-resolved": CustomEvent<{ id: string; steps: number; seconds: number }>;
  /** Handed over; cancel it to take the hand-over yourself. */
  "unstuck-escalated": CustomEvent<{ contact: string | null; id: string | null; query: string; summary: string; context: Record<string, unknown> }>;
  /** A link out of an answer is followed; cancel it to go there yourself. */
  "unstuck-navigate": CustomEvent<{ href: string }>;
  /** An answer was offered for a text that `watch` found. */
  "unstuck-suggested": CustomEvent<{ id: string; text?: string }>;
  /** The person opened or closed it. */
  "unstuck-toggled": CustomEvent<{ open: boolean }>;
  /** Something went wrong; where it could not be loaded, what stands inside the element stays. */
  "unstuck-error": CustomEvent<{ code: UnstuckErrorCode; message: string }>;
}

/** The attributes of the element, as they are written in markup. */
export interface UnstuckAttributes {
  /** URL of the folder with the knowledge base. */
  kb?: string | undefined;
  /** Area ids, comma separated: only these areas exist here. */
  areas?: string | undefined;
  /** Id of the area selected at first. */
  area?: string | undefined;
  /** The query at first. */
  query?: string | undefined;
  /** Id of the entry open at first. */
  entry?: string | undefined;
  /** How it stands in the page: in its flow; as one line that unfolds; as a launcher with a panel over the page, which stays usable; as a launcher with a modal dialog. */
  mode?: "inline" | "compact" | "panel" | "dialog" | undefined;
  /** CSS selector in the page: when a text appears or changes there, the answer that it is clearly about is offered; form contents are never read. */
  watch?: string | undefined;
  /** Which build of the knowledge base to load. */
  audience?: "customer" | "agent" | "staff" | undefined;
  /** Typed text is left out of every event but `unstuck-escalated`, whose text the person has read and sent. */
  private?: boolean | "" | "true" | undefined;
  /** Where its headings stand in the page's outline. */
  "heading-level"?: 1 | 2 | 3 | 4 | 5 | 6 | `${number}` | undefined;
  /** Accessible name of the search, and the launcher's text. */
  label?: string | undefined;
  /** The launcher's corner, along the line. */
  placement?: "end" | "start" | undefined;
  /** Keys that open it and go into the field, as in `/` or `Control+K`; ignored while something editable has the focus. */
  shortcut?: string | undefined;
  /** BCP 47 language of the answers and of the words around them. */
  lang?: string | undefined;
  /** Colour scheme. */
  theme?: "light" | "dark" | undefined;
  /** What is open is in the page's address: `#unstuck=ENTRY` or `#unstuck=ENTRY/STEP`, for an element with an id `#unstuck-ID=…`; back, forward and sharing work, and the rest of the fragment stays. */
  route?: "none" | "hash" | undefined;
  /** Where progress through steps and the last searches are kept: nowhere, as long as the tab is open, or until the person forgets it. */
  remember?: "none" | "session" | "local" | undefined;
  /** When the rest is fetched; what is typed before is kept. */
  loading?: "visible" | "idle" | "interaction" | "eager" | undefined;
}

/** Finds what a person needs in a support team's knowledge base, takes them through the fix, and hands over when it fails. */
export class UnstuckHelp extends HTMLElement {
  /** Registers the element under a tag; does nothing where that is taken. */
  static define(tag?: string, registry?: CustomElementRegistry): void;
  /** A promise of the element, once it can be searched; rejects with the code of the error. Reading it starts the loading. */
  readonly ready: Promise<UnstuckHelp>;
  /** Whom to reach, over the defaults of `kb.toml`: contact id to `{ label?, href?, text? }`. */
  contacts: Record<string, UnstuckContact | null | undefined> | null | undefined;
  /** A plain object of what you know and the person need not type: a line each in the summary of a hand-over. */
  context: Record<string, unknown> | null | undefined;
  /** Your words over ours, by their keys: `UnstuckMessages` in `element.d.ts`. */
  messages: Partial<UnstuckMessages> | null | undefined;
  /** A knowledge base instead of a URL: the bytes of a compiled one, or an object in its JSON form, which `knowledge-base.schema.json` describes. */
  kbData: ArrayBuffer | UnstuckKnowledge | null | undefined;
  /** The entries that fit, best first: `{ id, area, symptom, cause, score, matched }`; ten, or `options.limit`, in `options.area` where that is told; nothing on the page changes. */
  search(text: string, options?: { area?: string; limit?: number }): Promise<UnstuckHit[]>;
  /** The one entry that a text is clearly about, or null. */
  suggest(errorText: string): Promise<UnstuckHit | null>;
  /** Opens an entry; rejects with an error whose `code` is `unknown-entry`. */
  openEntry(id: string): Promise<void>;
  /** Opens the line, the panel or the dialog, with the focus in the field. */
  open(): Promise<void>;
  /** Closes it; focus that is in it goes back to where it was. */
  close(): Promise<void>;
  /** Opens it where it is closed, and the other way round. */
  toggle(): Promise<void>;
  /** No query, no open entry, the area of the attribute. */
  reset(): Promise<void>;
  /** URL of the folder with the knowledge base. */
  get kb(): string;
  set kb(value: string | null | undefined);
  /** Area ids, comma separated: only these areas exist here. */
  get areas(): string;
  set areas(value: string | null | undefined);
  /** Id of the area selected at first. */
  get area(): string;
  set area(value: string | null | undefined);
  /** The query at first. */
  get query(): string;
  set query(value: string | null | undefined);
  /** Id of the entry open at first. */
  get entry(): string;
  set entry(value: string | null | undefined);
  /** How it stands in the page: in its flow; as one line that unfolds; as a launcher with a panel over the page, which stays usable; as a launcher with a modal dialog. */
  get mode(): "inline" | "compact" | "panel" | "dialog" | "";
  set mode(value: "inline" | "compact" | "panel" | "dialog" | "" | null | undefined);
  /** CSS selector in the page: when a text appears or changes there, the answer that it is clearly about is offered; form contents are never read. */
  get watch(): string;
  set watch(value: string | null | undefined);
  /** Which build of the knowledge base to load. */
  get audience(): "customer" | "agent" | "staff" | "";
  set audience(value: "customer" | "agent" | "staff" | "" | null | undefined);
  /** Typed text is left out of every event but `unstuck-escalated`, whose text the person has read and sent. */
  get private(): boolean;
  set private(value: boolean | null | undefined);
  /** Where its headings stand in the page's outline. */
  get headingLevel(): number;
  set headingLevel(value: number | null | undefined);
  /** Accessible name of the search, and the launcher's text. */
  get label(): string;
  set label(value: string | null | undefined);
  /** The launcher's corner, along the line. */
  get placement(): "end" | "start" | "";
  set placement(value: "end" | "start" | "" | null | undefined);
  /** Keys that open it and go into the field, as in `/` or `Control+K`; ignored while something editable has the focus. */
  get shortcut(): string;
  set shortcut(value: string | null | undefined);
  /** Colour scheme. */
  get theme(): "light" | "dark" | "";
  set theme(value: "light" | "dark" | "" | null | undefined);
  /** What is open is in the page's address: `#unstuck=ENTRY` or `#unstuck=ENTRY/STEP`, for an element with an id `#unstuck-ID=…`; back, forward and sharing work, and the rest of the fragment stays. */
  get route(): "none" | "hash" | "";
  set route(value: "none" | "hash" | "" | null | undefined);
  /** Where progress through steps and the last searches are kept: nowhere, as long as the tab is open, or until the person forgets it. */
  get remember(): "none" | "session" | "local" | "";
  set remember(value: "none" | "session" | "local" | "" | null | undefined);
  /** When the rest is fetched; what is typed before is kept. */
  get loading(): "visible" | "idle" | "interaction" | "eager" | "";
  set loading(value: "visible" | "idle" | "interaction" | "eager" | "" | null | undefined);

  addEventListener<K extends keyof UnstuckEventMap>(
    type: K,
    listener: (this: UnstuckHelp, event: UnstuckEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: UnstuckHelp, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof UnstuckEventMap>(
    type: K,
    listener: (this: UnstuckHelp, event: UnstuckEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: UnstuckHelp, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

/** Its listeners in JSX, where `on` stands before the name of an event. */
export type UnstuckListeners = { [Name in keyof UnstuckEventMap as `on${Name}`]?: ((event: UnstuckEventMap[Name]) => unknown) | undefined };

/** Its properties that no attribute has, for frameworks that set them from JSX. */
export type UnstuckProperties = Partial<Pick<UnstuckHelp, "contacts" | "context" | "messages" | "kbData">>;

/** The element in JSX: what is its own, and what every element has. */
export interface UnstuckJsx extends UnstuckAttributes, UnstuckListeners, UnstuckProperties {
  id?: string | undefined;
  class?: string | undefined;
  className?: string | undefined;
  slot?: string | undefined;
  style?: unknown;
  hidden?: boolean | undefined;
  key?: string | number | null | undefined;
  ref?: unknown;
  children?: unknown;
  [data: `data-${string}` | `aria-${string}` | `on${string}`]: unknown;
}

declare global {
  interface HTMLElementTagNameMap {
    "unstuck-help": UnstuckHelp;
  }

  // They bubble: a page can listen for them anywhere.
  interface HTMLElementEventMap extends UnstuckEventMap {}
  interface DocumentEventMap extends UnstuckEventMap {}

  namespace JSX {
    interface IntrinsicElements {
      "unstuck-help": UnstuckJsx;
    }
  }
}
