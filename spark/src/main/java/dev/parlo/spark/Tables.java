package dev.parlo.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.posexplode_outer;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the checkpoint and writes the tables from it.
 *
 * @param output the folder that the tables are written into
 */
record Tables(SparkSession spark, Checkpoint checkpoint, String output) {
    private static final StructType TRANSCRIPT =
            StructType.fromDDL(
                    "recording STRING, piece INT, start DOUBLE, end DOUBLE, language STRING,"
                            + " language_probability DOUBLE, segments ARRAY<STRUCT<start: DOUBLE,"
                            + " end: DOUBLE, text: STRING, speaker: STRING, words:"
                            + " ARRAY<STRUCT<start: DOUBLE, end: DOUBLE, word: STRING, probability:"
                            + " DOUBLE, speaker: STRING>>, avg_logprob: DOUBLE, compression_ratio:"
                            + " DOUBLE, no_speech_prob: DOUBLE, temperature: DOUBLE>>, error"
                            + " STRUCT<category: STRING, message: STRING>, finished LONG");
    private static final StructType FILE =
            StructType.fromDDL(
                    "recording STRING, address STRING, seconds DOUBLE, pieces INT, speakers INT,"
                            + " truncation STRING, error STRUCT<category: STRING, message: STRING>");

    /** What is known of a recording, as a line of JSON. */
    private record FileLine(
            String recording,
            String address,
            double seconds,
            int pieces,
            int speakers,
            @Nullable String truncation,
            @Nullable Failure error) {
        static FileLine of(Survey survey) {
            return new FileLine(
                    survey.recording(),
                    survey.address(),
                    survey.seconds(),
                    survey.pieces().size(),
                    (int) survey.turns().stream().map(Survey.Turn::speaker).distinct().count(),
                    survey.truncation(),
                    survey.error());
        }
    }

    /** All surveys there are, several of a recording perhaps. */
    List<Survey> surveys() {
        JsonMapper json = JsonMapper.shared();
        return spark.read().textFile(checkpoint.path(Checkpoint.SURVEYS)).collectAsList().stream()
                .map(line -> json.readValue(line, Survey.class))
                .toList();
    }

    /**
     * The keys of the pieces that are done.
     *
     * @param failed whether those with an error are too
     */
    Set<String> done(boolean failed) {
        Dataset<Row> all = transcripts();
        return (failed ? all : all.where("error IS NULL"))
                .select("recording", "piece").distinct().collectAsList().stream()
                        .map(row -> Piece.key(row.getString(0), row.getInt(1)))
                        .collect(Collectors.toSet());
    }

    private Dataset<Row> transcripts() {
        return ownFiles(TRANSCRIPT).json(checkpoint.path(Checkpoint.PIECES));
    }

    /** What is not as it was written is an error and not a row of nulls. */
    private DataFrameReader ownFiles(StructType schema) {
        return spark.read().schema(schema).option("mode", "FAILFAST");
    }

    /** The keys of recordings of which a piece has an error. */
    Set<String> failedRecordings() {
        return new HashSet<>(
                once(transcripts())
                        .where("error IS NOT NULL")
                        .select("recording")
                        .distinct()
                        .as(Encoders.STRING())
                        .collectAsList());
    }

    /** Writes both tables anew. */
    void write(Collection<Survey> surveys) throws IOException {
        JsonMapper json = JsonMapper.shared();
        Dataset<Row> files =
                ownFiles(FILE)
                        .json(
                                spark.createDataset(
                                        surveys.stream()
                                                .map(FileLine::of)
                                                .map(json::writeValueAsString)
                                                .toList(),
                                        Encoders.STRING()));
        Dataset<Row> pieces = once(transcripts()).drop("finished");
        Dataset<Row> segments = segments(files, pieces);
        save(segments, "segments");
        save(summary(files, pieces), "files");
    }

    /** Of results of the same piece a transcript before an error, and the newest. */
    private static Dataset<Row> once(Dataset<Row> transcripts) {
        var same =
                Window.partitionBy("recording", "piece")
                        .orderBy(col("error").isNull().desc(), col("finished").desc());
        return transcripts
                .withColumn("nth", row_number().over(same))
                .where("nth = 1")
                .drop("nth");
    }

    private static Dataset<Row> segments(Dataset<Row> files, Dataset<Row> pieces) {
        Dataset<Row> spoken =
                files.select("recording", "address")
                        .join(pieces, "recording")
                        .select(col("*"), posexplode_outer(col("segments")).as(new String[] {"segment", "s"}))
                        .where("s IS NOT NULL OR error IS NOT NULL")
                        .selectExpr(
                                "recording", "address AS file", "piece", "segment",
                                "coalesce(s.start, start) AS start", "coalesce(s.end, end) AS end",
                                "s.text", "language", "language_probability", "s.speaker",
                                "s.words", "s.avg_logprob", "s.compression_ratio",
                                "s.no_speech_prob", "s.temperature", "error");
        Dataset<Row> unread =
                files.where("error IS NOT NULL")
                        .selectExpr(
                                "recording", "address AS file", "0 AS piece", "error");
        return spoken.unionByName(unread, true).drop("recording").sort("file", "piece", "segment");
    }

    private static Dataset<Row> summary(Dataset<Row> files, Dataset<Row> pieces) {
        Dataset<Row> counted =
                pieces.groupBy("recording")
                        .agg(
                                count(when(col("error").isNotNull(), 1)).as("failed_pieces"),
                                sum(size(col("segments"))).as("segments"),
                                max_by(col("language"), size(col("segments"))).as("language"));
        return files.join(counted, "recording", "left")
                .selectExpr(
                        "address AS file",
                        "seconds",
                        "language",
                        "speakers",
                        "pieces",
                        "coalesce(failed_pieces, 0) AS failed_pieces",
                        "coalesce(segments, 0) AS segments",
                        "truncation",
                        "error")
                .sort("file");
    }

    /** Written beside its place first: what was there stays until the new one is whole. */
    private void save(Dataset<Row> table, String name) throws IOException {
        String part = checkpoint.path("new-" + name);
        table.write().mode(SaveMode.Overwrite).parquet(part);
        checkpoint.replace(part, output + "/" + name);
    }
}
