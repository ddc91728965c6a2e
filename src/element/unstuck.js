// Registers <unstuck-help>. Everything else is in the class.
import { UnstuckHelp } from "./element.js";

UnstuckHelp.define();
