using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Options that stop the start, with the key's name and what is expected, where a value is wrong.</summary>
public static class CheckedOptions
{
    /// <summary>Binds a section and validates it before the first call is served.</summary>
    /// <typeparam name="T">The options.</typeparam>
    /// <param name="services">The collection to add to.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="section">The section's name.</param>
    public static void AddCheckedOptions<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class
    {
        services.AddOptions<T>()
            .Configure(_ => RequireReadableValues<T>(configuration.GetSection(section)))
            .Bind(configuration.GetSection(section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>>(
            provider => new PlaceholderSecrets<T>(provider.GetRequiredService<IHostEnvironment>(), section));
    }

    private static void RequireReadableValues<T>(IConfigurationSection section)
    {
        var failures = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && section[property.Name] is { } value && !IsReadable(property.PropertyType, value))
            .Select(property => $"{section.Path}:{property.Name} must be {Expected(property.PropertyType)}, not '{section[property.Name]}'.")
            .ToList();
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(section.Path, typeof(T), failures);
        }
    }

    private static bool IsReadable(Type type, string value)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(string) || !TypeDescriptor.GetConverter(plain).CanConvertFrom(typeof(string)))
        {
            return true;
        }

        try
        {
            return TypeDescriptor.GetConverter(plain).ConvertFromString(null, CultureInfo.InvariantCulture, value) is { } read
                && (!plain.IsEnum || Enum.IsDefined(plain, read));
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return false;
        }
    }

    private static string Expected(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(plain))}",
            _ when plain == typeof(TimeSpan) => "a duration such as 00:01:40",
            _ when plain == typeof(bool) => "true or false",
            _ => "a number",
        };
    }
}
