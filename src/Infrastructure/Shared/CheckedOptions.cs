using System.Collections;
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
            .ValidateOnStart();
        services.AddSingleton(new ReadSection(section));
        services.AddSingleton<IValidateOptions<T>, Annotations<T>>();
        services.AddSingleton<IValidateOptions<T>>(
            provider => new PlaceholderSecrets<T>(provider.GetRequiredService<IHostEnvironment>(), section));
    }

    /// <summary>Refuses values that a property cannot take, and keys that no property has.</summary>
    /// <exception cref="OptionsValidationException">Some value or key is wrong.</exception>
    internal static void RequireReadableValues<T>(IConfigurationSection section)
    {
        var keys = Array.FindAll(
            typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance),
            property => property.CanWrite || typeof(IDictionary).IsAssignableFrom(property.PropertyType));
        var failures = keys
            .Where(property => section[property.Name] is { } value && !IsReadable(property.PropertyType, value))
            .Select(property => $"{section.Path}:{property.Name} must be {Expected(property.PropertyType)}, not '{section[property.Name]}'.")
            .Concat(UnknownKeys(section, keys))
            .ToList();
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(section.Path, typeof(T), failures);
        }
    }

    /// <summary>A key that nothing reads is a mistyped one: what its author wanted would silently not happen.</summary>
    private static IEnumerable<string> UnknownKeys(IConfigurationSection section, PropertyInfo[] keys) =>
        from child in section.GetChildren()
        where !Array.Exists(keys, property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase))
        select $"{child.Path} is no key; {section.Path} has {string.Join(", ", keys.Select(property => property.Name))}.";

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
