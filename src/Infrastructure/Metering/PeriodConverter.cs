using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AiPlatform.Infrastructure.Metering;

/// <summary>Keeps a period as its label, which an operator can read in the table.</summary>
internal sealed class PeriodConverter() : ValueConverter<Period, string>(period => period.Label, label => new Period(label));
