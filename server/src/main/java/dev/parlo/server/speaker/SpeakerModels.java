package dev.parlo.server.speaker;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.TimeMap;
import dev.parlo.engine.speaker.Diarization;
import dev.parlo.engine.speaker.KnownSpeakers;
import dev.parlo.engine.speaker.SpeakerDiarizer;
import dev.parlo.engine.speaker.SpeakerEmbedder;
import dev.parlo.engine.speaker.SpeakerSpans.Span;
import dev.parlo.engine.speaker.SpeakerTurn;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.models.ModelLeases.Leased;
import dev.parlo.server.models.ModelLeases.Place;
import dev.parlo.server.models.ModelLibrary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells who speaks when, with two installed models: one that segments and one that embeds voices.
 * Thread-safe.
 */
public final class SpeakerModels implements SpeakerTelling {
    private final ModelLibrary library;
    private final ModelLeases leases;

    public SpeakerModels(ModelLibrary library, ModelLeases leases) {
        this.library = library;
        this.leases = leases;
    }

    @Override
    public Speakers tell(
            AudioSource audio, SpeakerOrder order, Priority priority, Cancellation cancellation) {
        String model = chosen(order.model(), ModelTask.SPEAKER_DIARIZATION);
        try (Place place =
                leases.admit(model, ModelTask.SPEAKER_DIARIZATION, priority, cancellation)) {
            return tell(audio, order, place);
        }
    }

    /** The same for a request that has a place before the segmentation model. */
    Speakers tell(AudioSource audio, SpeakerOrder order, Place place) {
        Cancellation cancellation = place.ticket().cancellation();
        Priority priority = place.ticket().priority();
        String embedding = chosen(order.embeddingModel(), ModelTask.SPEAKER_EMBEDDING);
        try (Leased<SpeakerDiarizer> diarizer =
                        leases.lease(
                                place, ModelTask.SPEAKER_DIARIZATION, SpeakerDiarizer.class, null);
                Place hearing =
                        leases.admit(
                                embedding, ModelTask.SPEAKER_EMBEDDING, priority, cancellation);
                Leased<SpeakerEmbedder> embedder =
                        leases.lease(
                                hearing,
                                ModelTask.SPEAKER_EMBEDDING,
                                SpeakerEmbedder.class,
                                null)) {
            // First: what is wrong with a reference is told before an hour is diarized.
            KnownSpeakers known = order.references().embedded(embedder.engine(), embedder.ticket());
            Diarization found =
                    diarizer.engine()
                            .diarize(
                                    audio,
                                    embedder.engine(),
                                    embedder.ticket(),
                                    order.options(),
                                    diarizer.ticket());
            return speakers(diarizer.modelId(), found, known, audio.times());
        }
    }

    private static Speakers speakers(
            String model, Diarization found, KnownSpeakers known, TimeMap times) {
        List<@Nullable String> names = known.of(found);
        return new Speakers(
                model,
                spans(found.turns(), names, times),
                spans(found.exclusive(), names, times),
                times.duration(found.durationSeconds()));
    }

    /** At times of the file. */
    private static List<Span> spans(
            List<SpeakerTurn> turns, List<@Nullable String> names, TimeMap times) {
        return turns.stream()
                .map(turn -> {
                    String name = names.get(turn.speaker());
                    TimeMap.Span span = times.span(turn.start(), turn.end());
                    return new Span(
                            span.start(),
                            span.end(),
                            name == null ? SpeakerTurn.label(turn.speaker()) : name);
                })
                .toList();
    }

    /**
     * The model that is named, else an installed one, the usual one first; where none is installed,
     * the usual one, which is then refused with the command that installs it.
     */
    private String chosen(@Nullable String named, ModelTask task) {
        if (named != null) {
            return named;
        }
        List<ModelId> installed = library.installed(task).stream().map(InstalledModel::id).toList();
        List<ModelId> usual =
                ModelFamily.of(task).stream().flatMap(f -> f.curated().stream()).toList();
        return usual.stream()
                .filter(installed::contains)
                .findFirst()
                .or(() -> installed.stream().findFirst())
                .orElse(usual.getFirst())
                .toString();
    }
}
