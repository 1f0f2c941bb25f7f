package dev.parlo.registry.hub;

import java.io.IOException;

/** Bytes that cannot be those the Hub announced. */
final class CorruptAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    CorruptAnswerException(String message) {
        super(message);
    }
}
