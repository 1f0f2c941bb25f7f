{{- define "parlo.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "parlo.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains (include "parlo.name" .) .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "parlo.name" .) | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "parlo.selector" -}}
app.kubernetes.io/name: {{ include "parlo.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "parlo.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{ include "parlo.selector" . }}
{{- end }}

{{/* The name of the Secret with the key, or nothing. */}}
{{- define "parlo.secret" -}}
{{- if .Values.apiKey.existingSecret }}{{ .Values.apiKey.existingSecret }}
{{- else if .Values.apiKey.value }}{{ include "parlo.fullname" . }}
{{- end }}
{{- end }}

{{- define "parlo.claim" -}}
{{- default (printf "%s-models" (include "parlo.fullname" .)) .Values.models.persistence.existingClaim }}
{{- end }}

{{/* More than one pod may run. */}}
{{- define "parlo.several" -}}
{{- if .Values.autoscaling.enabled }}{{ if gt (int .Values.autoscaling.maxReplicas) 1 }}yes{{ end }}
{{- else if gt (int .Values.replicas) 1 }}yes
{{- end }}
{{- end }}

{{/* The volume can be mounted by one node only. */}}
{{- define "parlo.oneNode" -}}
{{- $volume := .Values.models.persistence }}
{{- if and $volume.enabled (not (has "ReadWriteMany" $volume.accessModes)) (not (has "ReadOnlyMany" $volume.accessModes)) }}yes{{ end }}
{{- end }}
