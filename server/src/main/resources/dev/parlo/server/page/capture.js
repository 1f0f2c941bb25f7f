// Runs on the audio thread: collects the microphone's samples into pieces of 50 ms.
class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Int16Array(Math.round(sampleRate / 20));
    this.filled = 0;
    this.loudest = 0;
  }

  process([input]) {
    const channel = input[0];
    if (channel) {
      for (const value of channel) {
        this.loudest = Math.max(this.loudest, Math.abs(value));
        this.piece[this.filled++] = Math.max(-32768, Math.min(32767, Math.round(value * 32767)));
        if (this.filled === this.piece.length) this.send();
      }
    }
    return true;
  }

  send() {
    const samples = this.piece.buffer;
    this.port.postMessage({ samples, level: this.loudest }, [samples]);
    this.piece = new Int16Array(Math.round(sampleRate / 20));
    this.filled = 0;
    this.loudest = 0;
  }
}

registerProcessor("capture", Capture);
