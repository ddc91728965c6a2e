export { default } from "../../ui/messages/de.json";
