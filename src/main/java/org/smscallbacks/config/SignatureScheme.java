package org.smscallbacks.config;

import java.time.Instant;
import java.util.List;

/** How a provider signs a request: fixed by its folder or by the configuration, never by the request. */
interface SignatureScheme {

    /**
     * Refuses what cannot be a secret of this scheme.
     *
     * @throws IllegalArgumentException which says so
     */
    void refuseUnusable(String secret);

    /** Whether the secret is a public key, which everybody may know. */
    boolean hasPublicKey();

    /** Whether the URL is signed as well, so that it must be known as the provider calls it. */
    boolean coversUrl();

    /**
     * Adds what the provider would, the signature and what belongs to it, where it is made with a shared secret. What is there already
     * stays: it is signed as it is.
     *
     * @throws UnreadableContentException when it is over fields, or stands among them, and the body has none
     */
    void sign(RequestDraft draft, String secret, Instant now);

    /**
     * Looks at all of it, whatever is wrong first.
     *
     * @param secrets any of them, so that one can be rotated
     */
    SignatureOutcome check(SignedRequest request, List<String> secrets, Instant now);
}
