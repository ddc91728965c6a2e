import { hydrateRoot, createRoot } from "react-dom/client";
import { App } from "./App";
import "../../site.css";
import "../../billing.css";

const root = document.getElementById("app")!;
// Where the page was rendered before, as `npm run build` does, the element is there already.
if (root.firstElementChild) hydrateRoot(root, <App />);
else createRoot(root).render(<App />);
