// Runs on the audio thread: collects the microphone's samples, at the rate that is asked for, into pieces of 50 ms. The
// context has the rate of the device: not every browser connects a microphone to another one.
class Capture extends AudioWorkletProcessor {
  constructor({ processorOptions }) {
    super();
    this.step = sampleRate / processorOptions.rate;
    this.length = Math.round(processorOptions.rate / 20);
    this.piece = new Int16Array(this.length);
    this.filled = 0;
    this.loudest = 0;
    this.sum = 0;
    this.count = 0;
    this.due = this.step;
    this.seen = 0;
  }

  process([input]) {
    for (const value of input[0] ?? []) {
      this.loudest = Math.max(this.loudest, Math.abs(value));
      this.sum += value;
      this.count += 1;
      this.seen += 1;
      while (this.seen >= this.due) {
        // The mean of what lies between two samples of the lower rate keeps what it cannot hold out of it.
        this.take(this.count ? this.sum / this.count : value);
        this.sum = 0;
        this.count = 0;
        this.due += this.step;
      }
    }
    return true;
  }

  take(value) {
    this.piece[this.filled++] = Math.max(-32768, Math.min(32767, Math.round(value * 32767)));
    if (this.filled < this.length) return;
    const samples = this.piece.buffer;
    this.port.postMessage({ samples, level: this.loudest }, [samples]);
    this.piece = new Int16Array(this.length);
    this.filled = 0;
    this.loudest = 0;
  }
}

registerProcessor("capture", Capture);
