package dev.parlo.engine.whisper.tokenizer;

/** Turns text into ids of text tokens; special tokens in the text are only text. Thread-safe. */
interface TextEncoder extends AutoCloseable {
    int[] encode(String text);

    @Override
    void close();
}
