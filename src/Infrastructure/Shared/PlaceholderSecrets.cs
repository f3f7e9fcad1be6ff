using System.Reflection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Stops a start in Production where a secret is still the example of some documentation.</summary>
/// <typeparam name="T">The options; properties marked <see cref="SecretAttribute"/> are looked at.</typeparam>
internal sealed class PlaceholderSecrets<T>(IHostEnvironment environment, string section) : IValidateOptions<T>
    where T : class
{
    // No secret that was made at random has so few different characters.
    private const int FewestCharacters = 5;

    private static readonly string[] Placeholders =
    [
        "change-this", "changethis", "change-me", "changeme", "change_me", "your-", "your_", "placeholder", "example", "secret-key",
        "password", "admin123",
    ];

    private static readonly PropertyInfo[] Secrets =
        Array.FindAll(typeof(T).GetProperties(), property => property.IsDefined(typeof(SecretAttribute)));

    public ValidateOptionsResult Validate(string? name, T options)
    {
        if (!environment.IsProduction())
        {
            return ValidateOptionsResult.Skip;
        }

        var failures = Secrets
            .Where(property => property.GetValue(options) is string { Length: > 0 } value && IsPlaceholder(value))
            .Select(property => $"{section}:{property.Name} is an example, not a secret; set one that was made at random.")
            .ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsPlaceholder(string value) =>
        value.Where(char.IsLetterOrDigit).Distinct().Count() < FewestCharacters
        || Array.Exists(Placeholders, placeholder => value.Contains(placeholder, StringComparison.OrdinalIgnoreCase));
}
