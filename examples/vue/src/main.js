import { createApp } from "vue";
import App from "./App.vue";
import "../../site.css";
import "../../billing.css";

createApp(App).mount("#app");
