using Microsoft.Extensions.Options;

namespace AiPlatform.WebApi.Shared;

/// <summary>The configuration key <c>Urls</c>: where the server listens, addresses separated by semicolons.</summary>
internal sealed class ListenAddresses
{
    /// <summary>The key.</summary>
    public const string Key = "Urls";

    /// <summary>The addresses; <see langword="null"/> leaves them to the server.</summary>
    public string? Urls { get; set; }
}

/// <summary>Stops the start at an address that no server can listen on, before anything is made.</summary>
internal sealed class ListenAddressesValidator : IValidateOptions<ListenAddresses>
{
    public ValidateOptionsResult Validate(string? name, ListenAddresses options)
    {
        var wrong = (options.Urls ?? string.Empty)
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(address => !IsAddress(address))
            .Select(address => $"{ListenAddresses.Key} must be http or https addresses such as http://localhost:8080, not '{address}'.")
            .ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static bool IsAddress(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            return address is { Scheme: "http" or "https", PathBase: "", Port: >= 0 and <= 65_535 };
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
