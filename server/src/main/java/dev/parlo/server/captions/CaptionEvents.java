package dev.parlo.server.captions;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.listening.Turn;
import dev.parlo.server.listening.TurnListener;
import dev.parlo.server.listening.TurnTranscript;

/** What is told of a stream, as messages of one protocol. */
interface CaptionEvents {
    /** Audio is heard from now on. */
    Object ready(String model, CaptionQuery query);

    Object started(Turn turn);

    Object stopped(Turn turn);

    Object partial(Turn turn, TurnListener.Partial text);

    Object completed(Turn turn, TurnTranscript transcript);

    /** A turn that was not understood, or the end of the stream by an error. */
    Object failed(ApiError error);

    /**
     * All is told.
     *
     * @param seconds of audio
     */
    Object done(double seconds);
}
