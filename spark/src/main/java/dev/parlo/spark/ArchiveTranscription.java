package dev.parlo.spark;

import dev.parlo.engine.audio.AudioSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Transcribes an archive into a Parquet table of its segments and one of its files. Executors read
 * the recordings; the driver sees their names and lengths only. A job that was ended is run again
 * with the same output and does what is missing; so does one with more recordings. Used by one
 * thread; not two at a time with the same output.
 */
public final class ArchiveTranscription {
    /** Recordings whose names one task reads: none has to wait long for another. */
    private static final int MOST_SURVEYED = 16;

    private static final long BYTES_SURVEYED = 256L << 20;
    private static final int MOST_TRANSCRIBED = 1000;
    private static final int TASKS_FOR_A_CORE = 4;

    /** Half a minute of samples, which a model hears at once. */
    private static final long SHORTEST_TASK = 30L * AudioSource.SAMPLE_RATE;

    private final SparkSession spark;
    private final ArchiveOptions options;
    private final @Nullable WebSettings web;

    /**
     * @param web null: addresses of the web are errors
     */
    public ArchiveTranscription(
            SparkSession spark, ArchiveOptions options, @Nullable WebSettings web) {
        this.spark = spark;
        this.options = options;
        this.web = web;
    }

    /**
     * What came of it.
     *
     * @param files recordings that were asked for
     * @param unread of these, those that could not be read at all
     * @param pieces of all recordings
     * @param transcribed pieces that this run transcribed
     * @param failed pieces with an error
     * @param segments one row for each segment, and for each piece or file with an error
     * @param summary one row for each file
     */
    public record Result(
            int files,
            int unread,
            int pieces,
            int transcribed,
            long failed,
            Dataset<Row> segments,
            Dataset<Row> summary) {}

    /** What is done with what failed before. */
    public enum Earlier {
        /** An error is a result. */
        KEEP_ERRORS,
        /** It is tried again. */
        RETRY_ERRORS
    }

    /**
     * The same for a table.
     *
     * @param column of strings, each an address as of {@link #run(List, String, Earlier)}
     */
    public Result run(Dataset<Row> table, String column, String output, Earlier earlier)
            throws IOException {
        return run(addresses(table, column), output, earlier);
    }

    /**
     * The addresses of a table, each once.
     *
     * @throws ArchiveException where it has no such column
     */
    static List<String> addresses(Dataset<Row> table, String column) {
        if (!List.of(table.columns()).contains(column)) {
            throw new ArchiveException(
                    "The table has no column '"
                            + column
                            + "'. It has "
                            + String.join(", ", table.columns())
                            + ".");
        }
        Column address = table.col("`" + column.replace("`", "``") + "`").cast("string");
        return table.select(address.as("address"))
                .where("address IS NOT NULL")
                .distinct()
                .sort("address")
                .as(Encoders.STRING())
                .collectAsList();
    }

    /**
     * Transcribes.
     *
     * @param addresses of files, folders, patterns of these, in any file system that Hadoop knows,
     *     or {@code http(s)} ones
     * @param output folder that all executors reach: {@code segments}, {@code files}, and {@code
     *     checkpoint} are in it
     * @throws ArchiveException where an output was begun in another way, or an option does not
     *     agree with the model
     * @throws IOException where the output cannot be read or written
     */
    public Result run(List<String> addresses, String output, Earlier earlier) throws IOException {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Path root = new Path(output);
        String folder =
                root.getFileSystem(context.hadoopConfiguration()).makeQualified(root).toString();
        Checkpoint checkpoint =
                new Checkpoint(folder + "/checkpoint", context.hadoopConfiguration());
        checkpoint.begin(options);
        Tables tables = new Tables(spark, checkpoint, folder);
        Collection<Recording> recordings =
                new RecordingList(context.hadoopConfiguration()).of(addresses);
        Collection<Survey> surveys = surveyed(recordings, context, checkpoint, tables, earlier);
        List<Piece> pieces = new ArrayList<>();
        for (Survey survey : surveys) {
            for (int number = 0; number < survey.pieces().size(); number++) {
                pieces.add(Piece.of(survey, number));
            }
        }
        Set<String> done = tables.done(earlier == Earlier.KEEP_ERRORS);
        List<Piece> missing = pieces.stream().filter(piece -> !done.contains(piece.key())).toList();
        run(
                context,
                Batches.of(missing, Piece::samples, share(missing, context), MOST_TRANSCRIBED),
                new TranscribeTask(options, checkpoint),
                "transcribe");
        tables.write(surveys);
        checkpoint.end(tables.failedRecordings());
        return result(surveys, pieces.size(), missing.size(), folder);
    }

    private Collection<Survey> surveyed(
            Collection<Recording> recordings,
            JavaSparkContext context,
            Checkpoint checkpoint,
            Tables tables,
            Earlier earlier) {
        Map<String, Survey> known = newest(tables.surveys());
        List<Recording> missing =
                recordings.stream()
                        .filter(recording -> {
                            Survey survey = known.get(recording.key());
                            return survey == null
                                    || (survey.error() != null
                                            && earlier == Earlier.RETRY_ERRORS);
                        })
                        .toList();
        run(
                context,
                Batches.of(
                        missing,
                        Recording::bytes,
                        BYTES_SURVEYED,
                        Math.clamp(missing.size() / tasks(context), 1, MOST_SURVEYED)),
                new SurveyTask(options, checkpoint, web),
                "survey");
        Map<String, Survey> all = missing.isEmpty() ? known : newest(tables.surveys());
        return recordings.stream().map(recording -> all.get(recording.key())).toList();
    }

    /**
     * Samples of a task: a few tasks for each core, so that all end at about the same time, and
     * none longer than the longest piece, which is what may be lost with a process.
     */
    private long share(List<Piece> pieces, JavaSparkContext context) {
        long all = pieces.stream().mapToLong(Piece::samples).sum();
        return Math.clamp(
                all / tasks(context),
                Math.min(SHORTEST_TASK, options.longestSamples()),
                options.longestSamples());
    }

    private static int tasks(JavaSparkContext context) {
        return TASKS_FOR_A_CORE * Math.max(1, context.defaultParallelism());
    }

    /** Of surveys of the same recording one without an error, and the newest. */
    private static Map<String, Survey> newest(List<Survey> surveys) {
        Comparator<Survey> better =
                Comparator.comparing((Survey survey) -> survey.error() == null)
                        .thenComparingLong(Survey::finished);
        return surveys.stream()
                .collect(
                        Collectors.toMap(
                                Survey::recording,
                                Function.identity(),
                                BinaryOperator.maxBy(better)));
    }

    /** A task for each batch, in order: Spark begins them so. */
    private static <T> void run(
            JavaSparkContext context,
            List<ArrayList<T>> batches,
            VoidFunction<ArrayList<T>> task,
            String name) {
        if (batches.isEmpty()) {
            return;
        }
        context.setJobDescription("parlo: " + name);
        try {
            context.parallelize(batches, batches.size()).foreach(task);
        } finally {
            context.setJobDescription(null);
        }
    }

    private Result result(
            Collection<Survey> surveys, int pieces, int transcribed, String folder) {
        Dataset<Row> segments = spark.read().parquet(folder + "/segments");
        Dataset<Row> files = spark.read().parquet(folder + "/files");
        int unread = (int) surveys.stream().filter(survey -> survey.error() != null).count();
        long failed = segments.where("error IS NOT NULL").count() - unread;
        return new Result(
                surveys.size(), unread, pieces, transcribed, failed, segments, files);
    }
}
