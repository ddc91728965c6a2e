import { mount } from "svelte";
import App from "./App.svelte";
import "../../site.css";
import "../../billing.css";

mount(App, { target: document.getElementById("app") });
