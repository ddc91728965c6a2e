export { default } from "../../ui/messages/ar.json";
