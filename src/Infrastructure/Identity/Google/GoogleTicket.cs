using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiPlatform.Application.Identity;

namespace AiPlatform.Infrastructure.Identity.Google;

/// <summary>
/// What ties the way back from Google to the browser that set out. The browser keeps it sealed, so no replica has to, and strangers
/// who begin sign-ins fill no table.
/// </summary>
/// <param name="State">What Google sends back with the browser.</param>
/// <param name="Nonce">What Google puts into the id token.</param>
/// <param name="Verifier">What redeems the code (RFC 7636).</param>
/// <param name="ExpiresAt">The first instant at which the ticket is refused, UTC.</param>
internal sealed record GoogleTicket(string State, string Nonce, string Verifier, DateTimeOffset ExpiresAt)
{
    private const string Purpose = "google-sign-in";
    private const int Entropy = 32;

    /// <summary>How long somebody may take to sign in at Google.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>What Google is told of <see cref="Verifier"/>.</summary>
    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public static GoogleTicket Issue(DateTimeOffset now) => new(Secret(), Secret(), Secret(), now + Lifetime);

    /// <summary>The ticket that belongs to a state; <see langword="null"/> where it belongs to another, or its time is over.</summary>
    public static GoogleTicket? Find(ISecretSeal seal, string? kept, string state, DateTimeOffset now) =>
        kept is not null && seal.Open(Purpose, kept) is { } text && JsonSerializer.Deserialize<GoogleTicket>(text) is { } ticket
        && now < ticket.ExpiresAt
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(ticket.State), Encoding.UTF8.GetBytes(state))
            ? ticket
            : null;

    public string Seal(ISecretSeal seal) => seal.Seal(Purpose, JsonSerializer.Serialize(this));

    private static string Secret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Entropy));
}
