package dev.parlo.server.speaker;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.UploadSpool;
import dev.parlo.engine.speaker.KnownSpeakers;
import dev.parlo.engine.speaker.SpeakerEmbedder;
import dev.parlo.server.audio.AudioOpener;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.MultipartForm;
import dev.parlo.server.http.MultipartForm.UploadedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Recordings of people whose names are known, as OpenAI's API takes them. They lie on disk until
 * this is closed. One thread.
 */
public final class VoiceReferences implements AutoCloseable {
    /** The field, with and without the brackets that OpenAI's clients write. */
    private static final List<String> FIELDS =
            List.of("known_speaker_references[]", "known_speaker_references");

    private static final String NAMES = "known_speaker_names";

    /** OpenAI takes four. */
    private static final int MOST = 16;

    private static final int LEAST_SAMPLES = AudioSource.SAMPLE_RATE / 2;
    private static final int MOST_SAMPLES = 60 * AudioSource.SAMPLE_RATE;

    private final List<String> names;
    private final List<UploadSpool.Upload> files = new ArrayList<>();
    private final List<AudioSource> audio = new ArrayList<>();

    private VoiceReferences(List<String> names) {
        this.names = List.copyOf(names);
    }

    /** Nobody is known. */
    public static VoiceReferences none() {
        return new VoiceReferences(List.of());
    }

    /** The fields that go to disk, however they are sent: a text may have a megabyte, no more. */
    public static Set<String> fileFields() {
        return Set.copyOf(FIELDS);
    }

    /**
     * Reads them from a form.
     *
     * @param spool takes the decoded recordings
     * @throws ApiError 400 where names and references do not belong together, 415 and 400 for one
     *     that is no audio, naming it
     */
    public static VoiceReferences read(
            MultipartForm form, List<String> names, UploadSpool spool, AudioOpener opener) {
        List<UploadedFile> given = new ArrayList<>();
        FIELDS.forEach(field -> given.addAll(form.files(field)));
        given.removeIf(file -> file.bytes() == 0);
        if (names.size() != given.size()) {
            throw refused(
                    NAMES,
                    names.size()
                            + " names and "
                            + given.size()
                            + " references were sent; each name needs one reference, in the same"
                            + " order.");
        }
        if (names.size() > MOST) {
            throw refused(
                    NAMES, names.size() + " names were sent; at most " + MOST + " are accepted.");
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw refused(NAMES, "A name is given twice; each person needs another one.");
        }
        VoiceReferences references = new VoiceReferences(names);
        try {
            for (UploadedFile file : given) {
                references.add(file, spool, opener);
            }
            return references;
        } catch (RuntimeException | Error failure) {
            references.close();
            throw failure;
        }
    }

    private void add(UploadedFile file, UploadSpool spool, AudioOpener opener) {
        try {
            DataUrl url = DataUrl.open(file.path());
            if (url == null) { // the recording itself
                audio.add(opener.open(file.path(), file.contentType()));
                return;
            }
            try (url) {
                UploadSpool.Upload decoded = spool.spool(url.content());
                files.add(decoded);
                audio.add(opener.open(decoded.file(), url.contentType()));
            }
        } catch (EngineException unusable) {
            // The spool takes bytes that cannot be read for a client that left.
            throw unusable.category() == Category.CANCELLED
                            && unusable.getCause() instanceof IOException broken
                    ? malformed(broken)
                    : named(unusable, audio.size());
        } catch (IOException | IllegalArgumentException malformed) {
            throw malformed(malformed);
        }
    }

    private ApiError malformed(Exception cause) {
        return refused(
                "known_speaker_references",
                "Reference "
                        + (audio.size() + 1)
                        + " is not a data URL that can be read: "
                        + cause.getMessage()
                        + ". Send data:audio/wav;base64,… with two to ten seconds of the person's"
                        + " voice.");
    }

    /** The voices by name. */
    KnownSpeakers embedded(SpeakerEmbedder embedder, Ticket ticket) {
        List<float[]> voices = new ArrayList<>();
        for (int i = 0; i < audio.size(); i++) {
            try {
                SpeakerEmbedder.Embedding voice =
                        embedder.embed(new BoundedAudio(audio.get(i), MOST_SAMPLES), ticket);
                if (voice.samples() < LEAST_SAMPLES) {
                    throw new EngineException(
                            Category.BAD_AUDIO,
                            "It has less than half a second. Send two to ten seconds.");
                }
                voices.add(voice.vector());
            } catch (EngineException unusable) {
                throw named(unusable, i);
            }
        }
        return new KnownSpeakers(names, voices);
    }

    private EngineException named(EngineException failure, int index) {
        return switch (failure.category()) {
            case BAD_AUDIO, UNSUPPORTED_AUDIO, TOO_LARGE ->
                    new EngineException(
                            failure.category(),
                            "The reference of '"
                                    + names.get(index)
                                    + "' (known_speaker_references, number "
                                    + (index + 1)
                                    + "): "
                                    + failure.getMessage(),
                            failure);
            default -> failure;
        };
    }

    private static ApiError refused(String field, String message) {
        return ApiError.of(400, message).withParam(field);
    }

    @Override
    public void close() {
        files.forEach(UploadSpool.Upload::close);
        files.clear();
    }
}
