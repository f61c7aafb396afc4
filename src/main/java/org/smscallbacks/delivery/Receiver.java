package org.smscallbacks.delivery;

import com.standardwebhooks.Webhook;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/**
 * How an HTTP target is called.
 *
 * @param url called as it is written
 * @param signers one for each secret in force; several while one is replaced
 * @param headers sent beside those of the event, credentials among them
 * @param timeout how long the whole answer may take
 * @param tls whom it trusts; null for the JVM's certificates
 */
public record Receiver(URI url, List<Webhook> signers, Map<String, String> headers, Duration timeout, SSLContext tls) {}
