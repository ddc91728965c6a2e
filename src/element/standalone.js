// The whole element in one script, for a page that is opened from a disk and
// cannot fetch anything: what it would fetch is in the page, see files.js.
import "./unstuck.js";
