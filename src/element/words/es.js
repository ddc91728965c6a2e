export { default } from "../../ui/messages/es.json";
