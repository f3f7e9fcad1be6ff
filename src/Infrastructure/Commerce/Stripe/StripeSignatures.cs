using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Application.Commerce;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Commerce.Stripe;

/// <summary>
/// Stripe's signatures: <c>t=1492774577,v1=5257a8…,v1=…</c>, an HMAC-SHA256 of the time, a dot and the body. There are several while
/// a secret is replaced; one that is right is enough.
/// </summary>
internal sealed class StripeSignatures(IOptions<StripeOptions> options, IHostEnvironment environment, TimeProvider time) : IPaymentSignatures
{
    /// <summary>Longest header that is looked at, in characters.</summary>
    private const int MaxLength = 4096;

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly byte[][] _secrets = Array.ConvertAll(options.Value.WebhookSecrets, Encoding.ASCII.GetBytes);

    public bool AreServed => _secrets.Length > 0 || !environment.IsProduction();

    public bool Accept(string? signature, ReadOnlySpan<byte> body)
    {
        if (_secrets.Length == 0)
        {
            return AreServed;
        }

        if (signature is not { Length: <= MaxLength })
        {
            return false;
        }

        var parts = signature.Split(',', StringSplitOptions.TrimEntries);
        var signedAt = ValuesOf(parts, "t=").FirstOrDefault();
        return signedAt is not null && IsRecent(signedAt) && IsSigned(signedAt, [.. ValuesOf(parts, "v1=")], body);
    }

    private static IEnumerable<string> ValuesOf(string[] parts, string name) =>
        parts.Where(part => part.StartsWith(name, StringComparison.Ordinal)).Select(part => part[name.Length..]);

    private bool IsRecent(string seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var unix)
        && Math.Abs((decimal)time.GetUtcNow().ToUnixTimeSeconds() - unix) <= (decimal)Tolerance.TotalSeconds;

    private bool IsSigned(string signedAt, string[] signatures, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes(signedAt), (byte)'.', .. body];
        var isSigned = false;
        foreach (var secret in _secrets)
        {
            var expected = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(secret, signed)));
            foreach (var signature in signatures)
            {
                isSigned |= CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(signature));
            }
        }

        return isSigned;
    }
}
