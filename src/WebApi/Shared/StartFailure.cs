using System.Data.Common;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Options;

namespace AiPlatform.WebApi.Shared;

/// <summary>Puts the ways in which a start fails into words that say what to do.</summary>
internal static class StartFailure
{
    /// <summary>What the operator can do; <see langword="null"/> for a failure that only a stack trace explains.</summary>
    public static string? Explain(Exception failure) => failure switch
    {
        OptionsValidationException wrong => $"Wrong configuration: {string.Join(Environment.NewLine, wrong.Failures)}",
        AggregateException several when several.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            string.Join(Environment.NewLine, several.InnerExceptions.Select(Explain)),
        PendingMigrationsException pending => pending.Message,
        DbException database => $"The database cannot be used: {database.Message} Check Database:Provider and ConnectionStrings:Default.",
        IOException address when address.Message.Contains("bind", StringComparison.OrdinalIgnoreCase) =>
            $"{address.Message} Set Urls to a free address, for example Urls=http://localhost:8081.",
        _ => null,
    };
}
