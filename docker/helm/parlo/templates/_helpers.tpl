{{- define "parlo.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimAll "-" }}
{{- end }}

{{- define "parlo.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimAll "-" }}
{{- else }}
{{- /* Releases may have dots and begin with a digit, Services may not. 52: the longest suffix is -replicas. */}}
{{- $release := .Release.Name | replace "." "-" }}
{{- if regexMatch "^[0-9]" $release }}
{{- printf "%s-%s" (include "parlo.name" .) $release | trunc 52 | trimAll "-" }}
{{- else if contains (include "parlo.name" .) $release }}
{{- $release | trunc 52 | trimAll "-" }}
{{- else }}
{{- printf "%s-%s" $release (include "parlo.name" .) | trunc 52 | trimAll "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "parlo.selector" -}}
app.kubernetes.io/name: {{ include "parlo.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "parlo.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimAll "-" }}
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

{{/* Which entry of that Secret Prometheus sends. */}}
{{- define "parlo.scrapeKey" -}}
{{- if .Values.serviceMonitor.secretKey }}{{ .Values.serviceMonitor.secretKey }}
{{- else if .Values.apiKey.existingSecret }}api-key
{{- else }}scrape-key
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
