export interface Spoken {
  readonly sound: Blob;
  readonly name: string;
  readonly seconds: number;
}

export interface Recording {
  finish(): Promise<Spoken | null>;
  cancel(): void;
}

const kinds = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

/** Records the microphone; says about fifteen times a second how loud it is, from 0 to 1. */
export async function record(onLevel: (level: number, seconds: number) => void): Promise<Recording> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices || typeof MediaRecorder === "undefined") throw new DOMException("No microphone here.", "NotFoundError");
  const stream = await devices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
  const type = kinds.find((kind) => MediaRecorder.isTypeSupported(kind)) ?? "";
  const recorder = new MediaRecorder(stream, { ...(type ? { mimeType: type } : {}), audioBitsPerSecond: 32_000 });
  const parts: Blob[] = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;

  const context = new AudioContext();
  const meter = context.createAnalyser();
  meter.fftSize = 512;
  context.createMediaStreamSource(stream).connect(meter);
  const samples = new Uint8Array(meter.fftSize);
  const timer = setInterval(() => {
    meter.getByteTimeDomainData(samples);
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample - 128)), 0);
    onLevel(Math.min(1, (loudest / 128) * 1.6), seconds());
  }, 66);
  recorder.start(1000);

  function end(): void {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  }
  return {
    cancel() {
      if (recorder.state !== "inactive") recorder.stop();
      end();
    },
    finish() {
      const length = seconds();
      return new Promise((resolve) => {
        recorder.onstop = () => {
          end();
          const kind = (recorder.mimeType || "audio/webm").split(";")[0]!;
          const ending = kind.endsWith("mp4") ? "m4a" : kind.split("/")[1]!;
          // A slip of the finger is not a message.
          resolve(length < 0.6 ? null : { sound: new Blob(parts, { type: kind }), name: `voice.${ending}`, seconds: length });
        };
        recorder.stop();
      });
    },
  };
}
