package dev.parlo.server.transcription;

import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.server.http.MultipartForm.UploadedFile;
import org.jspecify.annotations.Nullable;

/**
 * A transcription or translation as it was asked for, every field checked.
 *
 * @param model id or alias
 * @param stream events instead of one body
 * @param keepAlive how long the model stays loaded afterwards; null for what is set
 */
record TranscriptionRequest(
        UploadedFile file,
        String model,
        TranscriptionJob job,
        boolean stream,
        @Nullable KeepAlive keepAlive) {}
