using System.ComponentModel.DataAnnotations;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Infrastructure.Commerce.Stripe;

/// <summary>Configuration section <c>Stripe</c>: who takes money by card.</summary>
public sealed class StripeOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Stripe";

    /// <summary>The account's secret key; unset where nothing is paid here.</summary>
    [Secret]
    public string? SecretKey { get; set; }

    /// <summary>
    /// The signing secret of the endpoint <c>/billing/events</c>; several, separated by commas, while one takes the place of another.
    /// Unset, the endpoint is not served in Production.
    /// </summary>
    [Secret]
    public string? WebhookSecret { get; set; }

    /// <summary>Where Stripe's API is: <c>https://api.stripe.com</c> by default; https, or http on loopback.</summary>
    public string ApiBase { get; set; } = "https://api.stripe.com";

    /// <summary>How long Stripe may take to answer; 100 milliseconds to 1 minute, 30 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ErrorMessage = "Stripe:Timeout must be a duration from 00:00:00.1 to 00:01:00.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Days for which events are kept that the ledger does not refer to; 30 to 36,500, 400 by default. Stripe delivers an event again for
    /// 30 days at most, and a year with its closing is what auditors look at.
    /// </summary>
    [Range(30, 36_500, ErrorMessage = "Stripe:EventRetentionDays must be a number from 30 to 36500.")]
    public int EventRetentionDays { get; set; } = 400;

    internal bool IsConfigured => !string.IsNullOrEmpty(SecretKey);

    internal string[] WebhookSecrets => WebhookSecret?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IsConfigured && !IsPrintable(SecretKey!))
        {
            yield return new ValidationResult("Stripe:SecretKey must be printable ASCII without blanks.");
        }

        if (!string.IsNullOrEmpty(WebhookSecret) && (WebhookSecrets.Length == 0 || !Array.TrueForAll(WebhookSecrets, IsPrintable)))
        {
            yield return new ValidationResult("Stripe:WebhookSecret must be printable ASCII without blanks; several secrets are separated by commas.");
        }

        if (!ServiceAddress.TryRead(ApiBase, out _))
        {
            yield return new ValidationResult("Stripe:ApiBase must be an absolute https address (http on loopback alone) without a query.");
        }
    }

    private static bool IsPrintable(string secret) => !secret.AsSpan().ContainsAnyExceptInRange('!', '~');
}
