package dev.parlo.engine.whisper.window;

/** Which windows come first where several wait. */
public enum WindowPriority {
    /** Somebody waits for this very window, as in a conversation. */
    INTERACTIVE,
    /** Windows of files. */
    NORMAL
}
