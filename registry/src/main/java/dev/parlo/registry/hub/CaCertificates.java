package dev.parlo.registry.hub;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.tls.HandshakeCertificates;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificate authorities that are trusted beside the JDK's roots, for a Hub or a proxy whose
 * certificate a company's own authority signed. They come from the variables that OpenSSL, curl and
 * Python's HTTP libraries read: {@code SSL_CERT_FILE}, {@code SSL_CERT_DIR}, {@code
 * REQUESTS_CA_BUNDLE}, {@code CURL_CA_BUNDLE}; each names PEM files or a folder of them.
 *
 * <p>The files are looked at when they are named, so that a wrong name is told at the start, and
 * read when the first connection is made: a system's bundle has some hundred certificates, and a
 * server that asks the Hub for nothing needs none of them. Thread-safe.
 */
public final class CaCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(CaCertificates.class);

    /** Where certificates may come from, in the order in which messages name them. */
    static final List<String> VARIABLES =
            List.of("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE");

    private static final Pattern PEM =
            Pattern.compile(
                    "-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----", Pattern.DOTALL);
    private static final long LARGEST_FILE = 16L << 20;

    /** The first byte of a certificate: a sequence, in DER. */
    private static final int SEQUENCE = 0x30;

    private static final CaCertificates NONE = new CaCertificates(List.of(), List.of(), List.of());

    private final List<Path> places;
    private final List<String> variables;
    private final List<String> problems;

    /** Null until they are asked for. */
    private @Nullable Set<X509Certificate> certificates;

    private CaCertificates(List<Path> places, List<String> variables, List<String> problems) {
        this.places = List.copyOf(places);
        this.variables = List.copyOf(variables);
        this.problems = List.copyOf(problems);
    }

    /** The JDK's roots only. */
    public static CaCertificates none() {
        return NONE;
    }

    /** What the environment names; places that hold nothing usable are problems. */
    public static CaCertificates of(Map<String, String> environment) {
        List<Path> places = new ArrayList<>();
        List<String> variables = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String variable : VARIABLES) {
            @Nullable String value = environment.get(variable);
            if (value == null || value.isBlank()) {
                continue;
            }
            variables.add(variable);
            // OpenSSL takes several folders in SSL_CERT_DIR
            for (String path : value.strip().split(Pattern.quote(File.pathSeparator), -1)) {
                if (!path.isEmpty()) {
                    look(variable, path, places, problems);
                }
            }
        }
        return variables.isEmpty() ? NONE : new CaCertificates(places, variables, problems);
    }

    /** A sentence for every variable that names nothing usable. */
    public List<String> problems() {
        return problems;
    }

    /** The JDK's roots and these; empty when there are none beside the JDK's. */
    Optional<HandshakeCertificates> handshake() {
        Set<X509Certificate> own = certificates();
        if (own.isEmpty()) {
            return Optional.empty();
        }
        HandshakeCertificates.Builder trusted =
                new HandshakeCertificates.Builder().addPlatformTrustedCertificates();
        own.forEach(trusted::addTrustedCertificate);
        return Optional.of(trusted.build());
    }

    /** What to set so that a refused certificate is trusted, and what is set now. */
    String advice() {
        return "If your network's own authority signed it, set SSL_CERT_FILE (or SSL_CERT_DIR,"
                + " REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE) to the authority's certificates in PEM;"
                + " they are trusted beside the JDK's. "
                + (variables.isEmpty()
                        ? "None of them is set."
                        : "Set now: "
                                + String.join(", ", variables)
                                + ", with "
                                + certificates().size()
                                + " certificates"
                                // paths of this machine are for its log, not for every client
                                + (problems.isEmpty()
                                        ? "."
                                        : "; the log of the start says what of them cannot be"
                                                + " read."));
    }

    private static void look(
            String variable, String text, List<Path> places, List<String> problems) {
        try {
            Path place = Path.of(text);
            if (hasCertificate(place)) {
                // two variables often name one file
                if (!places.contains(place)) {
                    places.add(place);
                }
            } else {
                problems.add(variable + " names " + text + ", which holds no PEM certificate.");
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            problems.add(variable + " names " + text + ", which cannot be read.");
        }
    }

    /** Whether a file, or one of a folder's, has a block that looks like a certificate. */
    private static boolean hasCertificate(Path place) throws IOException {
        for (Path file : files(place)) {
            Matcher blocks = PEM.matcher(text(file));
            while (blocks.find()) {
                byte[] der;
                try {
                    der = Base64.getMimeDecoder().decode(blocks.group(1));
                } catch (IllegalArgumentException damaged) {
                    continue;
                }
                if (der.length > 1 && der[0] == SEQUENCE) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<Path> files(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > LARGEST_FILE) {
            throw new IOException("too large");
        }
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    /** Each once, whichever files hold it. */
    private synchronized Set<X509Certificate> certificates() {
        Set<X509Certificate> known = certificates;
        if (known == null) {
            known = new LinkedHashSet<>();
            for (Path place : places) {
                try {
                    for (Path file : files(place)) {
                        known.addAll(pem(file));
                    }
                } catch (IOException gone) { // since the start
                    LOG.warn("The certificates of {} cannot be read: {}", place, gone.toString());
                }
            }
            certificates = known;
        }
        return known;
    }

    /** The certificates of a file; one that is damaged costs only itself. */
    private static List<X509Certificate> pem(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher blocks = PEM.matcher(text(file));
        while (blocks.find()) {
            byte[] block = blocks.group().getBytes(StandardCharsets.US_ASCII);
            try {
                certificates.add(
                        (X509Certificate)
                                CertificateFactory.getInstance("X.509")
                                        .generateCertificate(new ByteArrayInputStream(block)));
            } catch (CertificateException damaged) {
                LOG.warn("passing over a certificate of {}: {}", file, damaged.getMessage());
            }
        }
        return certificates;
    }
}
