package dev.parlo.spark;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The job for {@code spark-submit}. */
@Command(
        name = "parlo-spark",
        mixinStandardHelpOptions = true,
        description =
                "Transcribes an archive of recordings into Parquet tables. Run again with the same"
                        + " output, it does what is missing.",
        showDefaultValues = true)
public final class ArchiveJob implements Callable<Integer> {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final ArchiveOptions DEFAULTS = ArchiveOptions.builder("").build();

    @Option(
            names = "--model",
            required = true,
            paramLabel = "PATH",
            description =
                    "Folder or file of a Whisper or Parakeet model, at this path on every executor.")
    private String model = "";

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FOLDER",
            description = "Where the tables and the checkpoint go; every executor reaches it.")
    private String output = "";

    @Option(
            names = "--audio",
            arity = "1..*",
            paramLabel = "ADDRESS",
            description =
                    "Files, folders (all files below them), patterns, or web addresses; any file"
                            + " system that Hadoop knows.")
    private List<String> audio = List.of();

    @Option(
            names = "--table",
            paramLabel = "PATH",
            description =
                    "A table of addresses; its ending tells its format: .parquet, .json, .csv (with"
                            + " a head), .orc.")
    private @Nullable String table;

    @Option(
            names = "--column",
            paramLabel = "NAME",
            description = "The table's column of addresses.")
    private String column = "url";

    @Option(names = "--language", paramLabel = "CODE", description = "Default: detected.")
    private @Nullable String language;

    @Option(names = "--translate", description = "Write English.")
    private boolean translate;

    @Option(
            names = "--no-words",
            description = "Leave out the words and their times, which take some time to find.")
    private boolean noWords;

    @Option(names = "--beam-size", paramLabel = "N")
    private int beamSize = DEFAULTS.beamSize();

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Decode so many chunks of at most 30 s together.")
    private @Nullable Integer batchSize;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "Names and words that are said.")
    private @Nullable String prompt;

    @Option(names = "--no-vad", description = "Let the model hear pauses too.")
    private boolean noVad;

    @Option(
            names = "--longest-piece",
            paramLabel = "SECONDS",
            description = "Longer recordings are split, in pauses; at least 30.")
    private long longestPiece = DEFAULTS.longestPiece().toSeconds();

    @Option(
            names = "--speaker-segmentation",
            paramLabel = "FILE",
            description = "pyannote's segmentation (.onnx), to tell speakers.")
    private @Nullable String segmentation;

    @Option(
            names = "--speaker-embedding",
            paramLabel = "FILE",
            description = "A network that tells voices (.onnx), to tell speakers.")
    private @Nullable String embedding;

    @Option(
            names = "--most-bytes",
            paramLabel = "N",
            description = "A larger file is an error.")
    private long mostBytes = DEFAULTS.limits().bytes();

    @Option(
            names = "--most-hours",
            paramLabel = "N",
            description = "A longer recording is an error.")
    private long mostHours = DEFAULTS.limits().length().toHours();

    @Option(
            names = "--cache",
            paramLabel = "FOLDER",
            description =
                    "On every executor, for libraries and converted weights. Default:"
                            + " ~/.cache/parlo.")
    private @Nullable String cache;

    @Option(
            names = "--fetch",
            description = "Fetch web addresses: from any public address, unless --host is given.")
    private boolean fetch;

    @Option(
            names = "--host",
            arity = "1..*",
            paramLabel = "NAME",
            description = "Fetch from these hosts only; *.NAME is all below it.")
    private List<String> hosts = List.of();

    @Option(
            names = "--private-host",
            arity = "1..*",
            paramLabel = "NAME",
            description = "Fetch from these hosts even where their address is not public.")
    private List<String> privateHosts = List.of();

    @Option(
            names = "--fetch-seconds",
            paramLabel = "N",
            description = "The longest that one fetch may take.")
    private long fetchSeconds = WebSettings.defaults().timeout().toSeconds();

    @Option(
            names = "--retry-errors",
            description = "Try again what ended with an error in an earlier run.")
    private boolean retryErrors;

    private final PrintStream out;

    private ArchiveJob(PrintStream out) {
        this.out = out;
    }

    /**
     * Ends the process with 0 where the tables are there, errors of recordings included; with 1
     * where the job failed; with 2 for arguments that are not understood.
     */
    public static void main(String[] arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    /** The status of the process. */
    static int run(PrintStream out, PrintStream errors, String... arguments) {
        return new CommandLine(new ArchiveJob(out))
                .setOut(new PrintWriter(out, true, UTF_8))
                .setErr(new PrintWriter(errors, true, UTF_8))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("parlo-spark: " + explained(failure));
                    return FAILED;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws IOException {
        if (audio.isEmpty() && table == null) {
            throw new ArchiveException("Nothing to transcribe: give --audio or --table.");
        }
        if ((segmentation == null) != (embedding == null)) {
            throw new ArchiveException(
                    "Speakers are told by two networks: give --speaker-segmentation and"
                            + " --speaker-embedding, or neither.");
        }
        ArchiveOptions options = options();
        WebSettings web =
                fetch
                        ? new WebSettings(hosts, privateHosts, Duration.ofSeconds(fetchSeconds))
                        : null;
        long began = System.nanoTime();
        try (SparkSession spark = SparkSession.builder().appName("parlo").getOrCreate()) {
            List<String> addresses = new ArrayList<>(audio);
            if (table != null) {
                addresses.addAll(ArchiveTranscription.addresses(read(spark, table), column));
            }
            ArchiveTranscription.Result result =
                    new ArchiveTranscription(spark, options, web)
                            .run(
                                    addresses,
                                    output,
                                    retryErrors
                                            ? ArchiveTranscription.Earlier.RETRY_ERRORS
                                            : ArchiveTranscription.Earlier.KEEP_ERRORS);
            out.printf(
                    Locale.ROOT,
                    "parlo-spark: %d files (%d unread), %d pieces (%d transcribed now, %d failed)"
                            + " in %.1f s: %s/segments%n",
                    result.files(),
                    result.unread(),
                    result.pieces(),
                    result.transcribed(),
                    result.failed(),
                    (System.nanoTime() - began) / 1e9,
                    output);
        }
        return DONE;
    }

    private ArchiveOptions options() {
        return ArchiveOptions.builder(model)
                .language(language)
                .translate(translate)
                .words(!noWords)
                .beamSize(beamSize)
                .batchSize(batchSize)
                .prompt(prompt)
                .speechOnly(!noVad)
                .longestPiece(Duration.ofSeconds(longestPiece))
                .speakers(
                        segmentation == null || embedding == null
                                ? null
                                : new ArchiveOptions.SpeakerModels(segmentation, embedding))
                .limits(new ArchiveOptions.Limits(mostBytes, Duration.ofHours(mostHours)))
                .cache(cache)
                .build();
    }

    private static Dataset<Row> read(SparkSession spark, String table) {
        String format = table.substring(table.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (format) {
            case "csv" -> spark.read().option("header", true).csv(table);
            case "parquet", "json", "orc" -> spark.read().format(format).load(table);
            default ->
                    throw new ArchiveException(
                            "The ending of the table "
                                    + table
                                    + " tells no format; known are .parquet, .json, .csv, .orc.");
        };
    }

    /** The sentence of what went wrong on an executor, without Spark's account of every try. */
    private static String explained(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        boolean sentence =
                deepest instanceof ArchiveException || deepest instanceof EngineException;
        return sentence ? String.valueOf(deepest.getMessage()) : deepest.toString();
    }
}
