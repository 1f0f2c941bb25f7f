package dev.parlo.server.transcription;

import dev.parlo.server.http.MultipartForm.UploadedFile;

/**
 * A transcription or translation as it was asked for, every field checked.
 *
 * @param model id or alias
 * @param stream events instead of one body
 */
record TranscriptionRequest(
        UploadedFile file, String model, TranscriptionJob job, boolean stream) {}
