export { default } from "../../ui/messages/ja.json";
