// Registers <unstuck-help>; its types are in element.d.ts.
import "./element.js";
