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
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * REQUESTS_CA_BUNDLE}, {@code CURL_CA_BUNDLE}; each names PEM files or a folder of them. Immutable.
 */
public final class CaCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(CaCertificates.class);

    /** Where certificates may come from, in the order in which messages name them. */
    static final List<String> VARIABLES =
            List.of("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE");

    private static final Pattern PEM =
            Pattern.compile(
                    "-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----", Pattern.DOTALL);
    private static final long LARGEST_FILE = 16L << 20;

    private static final CaCertificates NONE = new CaCertificates(List.of(), List.of(), List.of());

    private final List<X509Certificate> certificates;
    private final List<String> variables;
    private final List<String> problems;

    private CaCertificates(
            List<X509Certificate> certificates, List<String> variables, List<String> problems) {
        this.certificates = List.copyOf(certificates);
        this.variables = List.copyOf(variables);
        this.problems = List.copyOf(problems);
    }

    /** The JDK's roots only. */
    public static CaCertificates none() {
        return NONE;
    }

    /** Reads the files that the environment names; those that cannot be read are problems. */
    public static CaCertificates of(Map<String, String> environment) {
        List<X509Certificate> certificates = new ArrayList<>();
        List<String> variables = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String variable : VARIABLES) {
            @Nullable String value = environment.get(variable);
            if (value == null || value.isBlank()) {
                continue;
            }
            variables.add(variable);
            List<X509Certificate> found = new ArrayList<>();
            // OpenSSL takes several folders in SSL_CERT_DIR
            for (String path : value.strip().split(Pattern.quote(File.pathSeparator), -1)) {
                if (!path.isEmpty()) {
                    read(variable, path, found, problems);
                }
            }
            certificates.addAll(found);
        }
        return variables.isEmpty() ? NONE : new CaCertificates(certificates, variables, problems);
    }

    /** A sentence for every variable that names nothing usable. */
    public List<String> problems() {
        return problems;
    }

    /** The JDK's roots and these; empty when there are none beside the JDK's. */
    Optional<HandshakeCertificates> handshake() {
        if (certificates.isEmpty()) {
            return Optional.empty();
        }
        HandshakeCertificates.Builder trusted =
                new HandshakeCertificates.Builder().addPlatformTrustedCertificates();
        certificates.forEach(trusted::addTrustedCertificate);
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
                                + certificates.size()
                                + " certificates"
                                // paths of this machine are for its log, not for every client
                                + (problems.isEmpty()
                                        ? "."
                                        : "; the log of the start says what of them cannot be"
                                                + " read."));
    }

    private static void read(
            String variable,
            String text,
            List<X509Certificate> certificates,
            List<String> problems) {
        try {
            Path path = Path.of(text);
            int before = certificates.size();
            if (Files.isDirectory(path)) {
                try (Stream<Path> files = Files.list(path)) {
                    for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                        certificates.addAll(pem(file));
                    }
                }
            } else {
                certificates.addAll(pem(path));
            }
            if (certificates.size() == before) {
                problems.add(variable + " names " + text + ", which holds no PEM certificate.");
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            problems.add(variable + " names " + text + ", which cannot be read.");
        }
    }

    /** The certificates of a file; one that is damaged costs only itself. */
    private static List<X509Certificate> pem(Path file) throws IOException {
        if (Files.size(file) > LARGEST_FILE) {
            throw new IOException("too large");
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher blocks = PEM.matcher(text);
        while (blocks.find()) {
            try {
                certificates.add(
                        (X509Certificate)
                                CertificateFactory.getInstance("X.509")
                                        .generateCertificate(
                                                new ByteArrayInputStream(
                                                        blocks.group()
                                                                .getBytes(
                                                                        StandardCharsets
                                                                                .US_ASCII))));
            } catch (CertificateException damaged) {
                LOG.warn("passing over a certificate of {}: {}", file, damaged.getMessage());
            }
        }
        return certificates;
    }
}
