const side = 512;

/** The middle square of a picture, at most 512 pixels wide, as JPEG; null when the browser cannot read it. */
export async function shrinkPhoto(file: Blob): Promise<Blob | null> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return null;
  }
  try {
    const square = Math.min(bitmap.width, bitmap.height);
    const size = Math.min(side, square);
    const canvas = document.createElement("canvas");
    canvas.width = size;
    canvas.height = size;
    const pen = canvas.getContext("2d");
    if (!pen) return null;
    // JPEG has no transparency; white is what people expect behind a logo.
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, size, size);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(bitmap, (bitmap.width - square) / 2, (bitmap.height - square) / 2, square, square, 0, 0, size, size);
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.86));
  } finally {
    bitmap.close();
  }
}
