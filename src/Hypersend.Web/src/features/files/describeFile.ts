import type { FileToSend } from "../../core/model";
import { onLeaving } from "../../personal";

const thumbnailSide = 640;
const waitMs = 8000;

/** Cards show them for as long as the person is here. */
const previews = new Set<string>();
onLeaving(() => {
  previews.forEach((url) => URL.revokeObjectURL(url));
  previews.clear();
});

function previewUrl(picture: Blob): string {
  const url = URL.createObjectURL(picture);
  previews.add(url);
  return url;
}

/** Measures a picture or a film, and draws the small picture that others see before it is there. */
export async function describeFile(item: FileToSend): Promise<FileToSend> {
  const { type } = item.file;
  if (item.preview !== undefined || item.voice) return item;
  // What a browser cannot show is sent as it is.
  if (/^image\/(png|jpeg|webp|gif|avif|bmp)$/.test(type)) return (await describeImage(item).catch(() => null)) ?? item;
  if (type.startsWith("video/")) return (await describeVideo(item).catch(() => null)) ?? item;
  if (type.startsWith("audio/")) return (await describeAudio(item).catch(() => null)) ?? item;
  return item;
}

async function describeImage(item: FileToSend): Promise<FileToSend> {
  const picture = await createImageBitmap(item.file);
  const thumbnail = await draw(picture, picture.width, picture.height);
  const described = { ...item, width: picture.width, height: picture.height, thumbnail, preview: previewUrl(thumbnail ?? item.file) };
  picture.close();
  return described;
}

async function describeVideo(item: FileToSend): Promise<FileToSend> {
  const film = document.createElement("video");
  const url = URL.createObjectURL(item.file);
  film.muted = true;
  film.preload = "auto";
  film.src = url;
  try {
    await happens(film, "loadeddata");
    film.currentTime = Math.min(1, film.duration / 3 || 0);
    await happens(film, "seeked");
    const thumbnail = await draw(film, film.videoWidth, film.videoHeight);
    return {
      ...item, width: film.videoWidth, height: film.videoHeight, duration: Number.isFinite(film.duration) ? film.duration : null, thumbnail,
      preview: thumbnail ? previewUrl(thumbnail) : null,
    };
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function describeAudio(item: FileToSend): Promise<FileToSend> {
  const sound = document.createElement("audio");
  const url = URL.createObjectURL(item.file);
  sound.preload = "metadata";
  sound.src = url;
  try {
    await happens(sound, "loadedmetadata");
    return Number.isFinite(sound.duration) ? { ...item, duration: sound.duration } : item;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function happens(element: HTMLMediaElement, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event}`)), waitMs);
    element.addEventListener(event, () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
    element.addEventListener("error", () => {
      clearTimeout(timer);
      reject(new Error("unreadable"));
    }, { once: true });
  });
}

async function draw(source: CanvasImageSource, width: number, height: number): Promise<Blob | null> {
  if (width === 0 || height === 0) return null;
  const scale = Math.min(1, thumbnailSide / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
  canvas.getContext("2d")!.drawImage(source, 0, 0, canvas.width, canvas.height);
  for (const quality of [0.82, 0.6, 0.4]) {
    const small = await canvas.convertToBlob({ type: "image/webp", quality });
    if (small.size <= 256_000) return small;
  }
  return null;
}
