package dev.parlo.engine.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What is published of clustering, matching, frames and scoring, beside plain versions of it. */
final class SpeakerFormulasTest {
    @Test
    void setsOfSpeakersAreNumberedAsThePowersetIs() {
        int[][] rows = {
            {0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 0}, {1, 0, 1}, {0, 1, 1}
        };
        byte[] classes = new byte[WindowTracks.FRAMES];
        for (int c = 0; c < rows.length; c++) {
            classes[c] = (byte) c;
        }
        WindowTracks window = new WindowTracks(classes, new float[3][]);
        for (int c = 0; c < rows.length; c++) {
            for (int k = 0; k < 3; k++) {
                assertThat(window.speaks(c, k)).isEqualTo(rows[c][k] == 1);
            }
            assertThat(window.speaking(c)).isEqualTo(Arrays.stream(rows[c]).sum());
        }
        assertThat(window.active(0)).isEqualTo(3);
        assertThat(window.alone(0)).isEqualTo(1);
        // too little alone: the frames with others count as well
        assertThat(window.heard(0)[4]).isTrue();
        Arrays.fill(classes, 10, 20, (byte) 1);
        assertThat(window.heard(0)[4]).isFalse();
        assertThat(window.heard(0)[15]).isTrue();
    }

    @Test
    void windowsBeginAtTheFramesOfPyannote() {
        int[] starts = new int[12];
        for (int c = 0; c < 12; c++) {
            starts[c] = WindowTracks.start(c);
        }
        assertThat(starts).containsExactly(0, 59, 119, 178, 237, 296, 356, 415, 474, 533, 593, 652);
        assertThat(WindowTracks.start(10) + 1).isEqualTo(594);
        assertThat(WindowTracks.start(12) + 1).isEqualTo(712);
        assertThat(WindowTracks.start(60) + 1).isEqualTo(3557);
        assertThat(WindowTracks.time(0)).isEqualTo(0.03096875);
        assertThat(VoiceWindow.FRAMES).isEqualTo(998);
    }

    @Test
    void aParentLowerThanItsChildIsNoClusterByItself() {
        CentroidLinkage tree = new CentroidLinkage(new float[][] {{0, 0}, {1, 0}, {0.5f, 0.9f}});
        assertThat(tree.height(0)).isCloseTo(1, within(1e-6));
        assertThat(tree.height(1)).isCloseTo(0.9, within(1e-6));
        assertThat(tree.cut(0.95)).doesNotHaveDuplicates();
        assertThat(tree.cut(1.0)).containsOnly(0);
    }

    /** Against joining the two nearest centres over and over, every distance computed anew. */
    @Property(tries = 300)
    void theTreeIsThatOfThePlainAlgorithm(
            @ForAll @IntRange(max = 1 << 20) int seed, @ForAll @IntRange(min = 1, max = 40) int n) {
        Random random = new Random(seed);
        float[][] rows = new float[n][3];
        for (float[] row : rows) {
            for (int d = 0; d < 3; d++) {
                row[d] = (float) random.nextGaussian();
            }
        }
        CentroidLinkage tree = new CentroidLinkage(rows);
        List<int[]> clusters = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            clusters.add(new int[] {i});
        }
        for (int merge = 0; merge < n - 1; merge++) {
            int a = 0;
            int b = 1;
            double best = Double.POSITIVE_INFINITY;
            for (int i = 0; i < clusters.size(); i++) {
                for (int j = i + 1; j < clusters.size(); j++) {
                    double distance = distance(rows, clusters.get(i), clusters.get(j));
                    if (distance < best) {
                        best = distance;
                        a = i;
                        b = j;
                    }
                }
            }
            int[] both = new int[clusters.get(a).length + clusters.get(b).length];
            System.arraycopy(clusters.get(a), 0, both, 0, clusters.get(a).length);
            System.arraycopy(
                    clusters.get(b), 0, both, clusters.get(a).length, clusters.get(b).length);
            clusters.remove(b);
            clusters.set(a, both);
            assertThat(tree.height(merge)).isCloseTo(best, within(1e-5));
            assertThat(tree.size(merge)).isEqualTo(both.length);
            int[] labels = tree.after(merge + 1);
            for (int[] cluster : clusters) {
                for (int point : cluster) {
                    assertThat(labels[point]).isEqualTo(labels[cluster[0]]);
                }
            }
            assertThat(Arrays.stream(labels).distinct().count()).isEqualTo(clusters.size());
        }
    }

    private static double distance(float[][] rows, int[] a, int[] b) {
        double sum = 0;
        for (int d = 0; d < 3; d++) {
            double difference = 0;
            for (int i : a) {
                difference += (double) rows[i][d] / a.length;
            }
            for (int i : b) {
                difference -= (double) rows[i][d] / b.length;
            }
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    @Property(tries = 500)
    void theBestMatchingIsTheBestOfAll(
            @ForAll @IntRange(max = 1 << 20) int seed,
            @ForAll @IntRange(min = 1, max = 4) int rows,
            @ForAll @IntRange(min = 1, max = 5) int columns) {
        Random random = new Random(seed);
        double[][] score = new double[rows][columns];
        for (double[] row : score) {
            for (int c = 0; c < columns; c++) {
                row[c] = random.nextInt(21) - 10;
            }
        }
        int[] match = Assignment.best(score);
        double sum = 0;
        int matched = 0;
        for (int r = 0; r < rows; r++) {
            sum += match[r] >= 0 ? score[r][match[r]] : 0;
            matched += match[r] >= 0 ? 1 : 0;
        }
        assertThat(matched).isEqualTo(Math.min(rows, columns));
        assertThat(Arrays.stream(match).filter(c -> c >= 0).distinct().count()).isEqualTo(matched);
        assertThat(sum).isEqualTo(bestSum(score, 0, 0, rows - Math.min(rows, columns)));
    }

    private static double bestSum(double[][] score, int row, int taken, int leftOut) {
        if (row == score.length) {
            return 0;
        }
        double best =
                leftOut > 0
                        ? bestSum(score, row + 1, taken, leftOut - 1)
                        : Double.NEGATIVE_INFINITY;
        for (int c = 0; c < score[0].length; c++) {
            if ((taken >> c & 1) == 0) {
                best =
                        Math.max(
                                best,
                                score[row][c] + bestSum(score, row + 1, taken | 1 << c, leftOut));
            }
        }
        return best;
    }

    /** {@code count} vectors around each of some directions, in turn. */
    private static List<float[]> around(int directions, int count, double noise) {
        Random random = new Random(2);
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < directions * count; i++) {
            float[] row = new float[64];
            for (int d = 0; d < 64; d++) {
                row[d] = (float) (random.nextGaussian() * noise);
            }
            row[i % directions] += 5;
            rows.add(row);
        }
        return rows;
    }

    @Test
    void voicesAreCounted() {
        for (int speakers : new int[] {1, 3, 5, 10}) {
            float[][] found =
                    SpeakerClustering.centroids(around(speakers, 30, 0.3), DiarizationOptions.ANY);
            assertThat(found.length).isEqualTo(speakers);
        }
    }

    @Test
    void fiftyVoicesAreCounted() {
        assertThat(SpeakerClustering.centroids(around(50, 30, 0.2), DiarizationOptions.ANY).length)
                .isEqualTo(50);
    }

    @Test
    void theNumberOfVoicesThatIsAskedForIsFound() {
        List<float[]> rows = around(4, 30, 0.3);
        for (int n : new int[] {1, 2, 3, 4}) {
            assertThat(SpeakerClustering.centroids(rows, new DiarizationOptions(n, n)).length)
                    .isEqualTo(n);
        }
        assertThat(SpeakerClustering.centroids(rows, new DiarizationOptions(1, 2)).length)
                .isEqualTo(2);
        // More than there are rows cannot be found; there are as many as can be.
        assertThat(
                        SpeakerClustering.centroids(around(2, 2, 0.1), new DiarizationOptions(9, 9))
                                .length)
                .isEqualTo(4);
    }

    @Test
    void aFewOddVectorsAreNobody() {
        List<float[]> rows = new ArrayList<>(around(2, 60, 0.3));
        for (int i = 0; i < 3; i++) {
            float[] odd = new float[64];
            odd[40 + i] = 5;
            rows.add(odd);
        }
        assertThat(SpeakerClustering.centroids(rows, DiarizationOptions.ANY).length).isEqualTo(2);
    }

    @Test
    void manyVectorsAreThinnedEvenly() {
        List<float[]> rows = around(3, 2 * SpeakerClustering.MOST_ROWS, 0.1);
        assertThat(SpeakerClustering.centroids(rows, DiarizationOptions.ANY).length).isEqualTo(3);
    }

    @Test
    void errorsAreScoredAsTheFieldScoresThem() {
        List<SpeakerTurn> truth = List.of(new SpeakerTurn(0, 10, 0), new SpeakerTurn(8, 14, 1));
        List<SpeakerTurn> found = List.of(new SpeakerTurn(0, 9, 0), new SpeakerTurn(9, 15, 1));
        DiarizationError error = DiarizationError.of(truth, found);
        assertThat(error).isEqualTo(new DiarizationError(16, 2, 1, 0));
        assertThat(error.rate()).isEqualTo(0.1875);
        assertThat(DiarizationError.of(truth, found, 0.25, false).rate())
                .isCloseTo(0.160714, within(1e-6));
        assertThat(DiarizationError.of(truth, found, 0, true).rate())
                .isCloseTo(0.083333, within(1e-6));
        assertThat(DiarizationError.of(truth, truth).rate()).isZero();
        assertThat(
                        DiarizationError.of(
                                        truth,
                                        List.of(
                                                new SpeakerTurn(8, 14, 0),
                                                new SpeakerTurn(0, 10, 1)))
                                .rate())
                .isZero();
        assertThat(DiarizationError.of(truth, List.of(new SpeakerTurn(0, 15, 0))))
                .isEqualTo(new DiarizationError(16, 2, 1, 4));
    }
}
