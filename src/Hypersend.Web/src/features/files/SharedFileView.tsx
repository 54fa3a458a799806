import type { Message, SharedFile } from "../../core/api/types";
import { talk } from "../../talk";
import { FileCardView } from "./FileCardView";
import { MediaView } from "./MediaView";
import { isPictured } from "./shape";
import { SoundPlayer } from "./SoundPlayer";

/** A file in a bubble, in the shape that fits it. */
export function SharedFileView({ file, message }: { file: SharedFile; message: Message }) {
  const transfer = talk().transfers.ofFile(file.id).value;
  const there = file.state === "ready";
  if (there && (message.type === "voice" || file.mime.startsWith("audio/"))) return <SoundPlayer file={file} voice={message.type === "voice"} />;
  if (isPictured(file, transfer)) return <MediaView file={file} message={message} transfer={transfer} />;
  return <FileCardView file={file} transfer={transfer} />;
}
